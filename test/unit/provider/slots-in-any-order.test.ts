import type { Decision } from '../../../src/lifecycle/decide.js';
import { newKeyIn, refusalIn } from '../../../src/lifecycle/decide.js';
import { notesOn } from '../../../src/lifecycle/notes.js';
import { keysOf } from '../../../src/lifecycle/resource.js';
import type { Configuration, Resource } from '../../../src/lifecycle/resource.js';
import { PlannedSlots } from '../../../src/lifecycle/slots.js';
import type { SlotUse } from '../../../src/lifecycle/slots.js';
import { Diagnostics } from '../../../src/plugin/index.js';
import type { CallContext } from '../../../src/plugin/index.js';
import type { Recorded } from '../../../src/provider/bucket-access-key/state.js';
import { SlotsBesideOthers } from '../../../src/provider/bucket-access-key/beside-others.js';
import type { Session } from '../../../src/provider/session.js';
import { tell } from '../../../src/provider/tell.js';
import {
  BUCKET,
  daysAgo,
  decided,
  found,
  FREE,
  listed,
  looked,
  outside,
  processView,
  resource,
  wanted,
} from '../lifecycle/decide-cases.js';

/** One resource of a bucket: what its state has, and what its author wants; null is none. */
interface Case {
  readonly kind: string;
  readonly from: Resource | null;
  readonly to: Configuration | null;
}

const ASKED = { keepers: 'new' };
const DUE = { policy: { afterDays: 30 } };
const AT_ONCE = { overlapHours: 0 };

function one(id: string, createdAt = daysAgo(1), changes: Partial<Resource> = {}): Resource {
  return resource({ current: { id, status: 'Active', createdAt }, ...changes });
}

/** What can be wanted of a resource that has no key, one, or two. */
const KINDS: Readonly<Record<string, (id: string) => Omit<Case, 'kind'>>> = {
  new: () => ({ from: null, to: wanted() }),
  stays: (id) => ({ from: one(id), to: wanted() }),
  goes: (id) => ({ from: one(id), to: null }),
  'asked for': (id) => ({ from: one(id), to: wanted(ASKED) }),
  'asked for at once': (id) => ({ from: one(id), to: wanted({ ...ASKED, policy: AT_ONCE }) }),
  due: (id) => ({ from: one(id, daysAgo(40)), to: wanted(DUE) }),
  'due at once': (id) => ({
    from: one(id, daysAgo(40)),
    to: wanted({ policy: { ...DUE.policy, ...AT_ONCE } }),
  }),
  retires: (id) => ({
    from: one(id, daysAgo(2), { previous: `${id}P`, lastRefresh: looked() }),
    to: wanted({ policy: { overlapHours: 24 } }),
  }),
};
const SLOTS: Readonly<Record<string, number>> = { new: 0, retires: 2 };
const slotsOf = (kinds: readonly string[]) => kinds.reduce((sum, kind) => sum + (SLOTS[kind] ?? 1), 0);

/** Every row of up to three kinds, whose keys a bucket can hold beside so many of unknown owners. */
function rows(strangers: number): string[][] {
  const names = Object.keys(KINDS);
  const of = (length: number): string[][] =>
    length === 0 ? [[]] : of(length - 1).flatMap((row) => names.map((name) => [...row, name]));
  return [1, 2, 3].flatMap(of).filter((row) => slotsOf(row) + strangers <= 2);
}

function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) =>
    orders(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  );
}

interface Planned extends Case {
  /** Null: it is removed. */
  readonly decision: Decision | null;
}

interface Plan {
  readonly planned: readonly Planned[];
  readonly isRefused: boolean;
  /** It says that the order matters. */
  readonly isWarned: boolean;
}

interface Rules {
  /** What a plan is told of the others. */
  readonly counts: (use: SlotUse) => boolean;
  /** What is read of the states before the first plan. */
  readonly isRead: boolean;
}

const ALL: Rules = { counts: () => true, isRead: true };

class Slots extends PlannedSlots {
  constructor(private readonly rules: Rules) {
    super();
  }

  override plans(bucket: string, by: unknown, use: SlotUse): void {
    if (this.rules.counts(use)) super.plans(bucket, by, use);
  }
}

/** Terraform's plan of all of them, one after the other; their states were read before. */
function planOf(cases: readonly Case[], strangers: number, rules = ALL): Plan {
  const states = cases.flatMap(({ from }) => (from ? keysOf(from) : []));
  const ours = rules.isRead ? states : [];
  const all = [...states, ...Array.from({ length: strangers }, (_, at) => `AKIASTRANGER${at}`)];
  const known = { ours: new Set(ours), removed: new Set<string>() };
  const session = { slots: new Slots(rules), known } as unknown as Session;
  const diagnostics = new Diagnostics();
  const context = { diagnostics } as CallContext;
  const inspection = found(
    FREE,
    all.map((id) => listed(id)),
  );
  const planned = cases.map((one, at): Planned => {
    const { from, to } = one;
    const beside = new SlotsBesideOthers(from as Recorded | null, from ? `resource ${at}` : null, session);
    if (!to) {
      beside.removes(from as Recorded, context);
      return { ...one, decision: null };
    }
    const process = processView({ others: beside.othersOn(BUCKET), known });
    const decision = decided(from, to, outside({ process, inspection }));
    beside.note(to, decision, context);
    for (const { message } of notesOn(from, to, decision)) tell(context, 'warning', message);
    const refusal = refusalIn(decision);
    if (refusal) tell(context, 'error', refusal.said);
    return { ...one, decision };
  });
  const said = diagnostics.items.map(({ severity, summary, detail }) => ({
    severity,
    text: `${summary} ${detail}`,
  }));
  return {
    planned,
    isRefused: said.some(({ severity }) => severity === 'error'),
    isWarned: said.some(({ text }) => text.includes('depends_on')),
  };
}

/** What AWS makes of it: whether all that was planned is done in this order. */
function isDone(order: readonly Planned[], strangers: number): boolean {
  let keys = order.flatMap(({ from }) => (from ? keysOf(from) : [])).length + strangers;
  for (const { from, to, decision } of order) {
    if (!decision) {
      keys -= from ? keysOf(from).length : 0;
      continue;
    }
    if (decision.previous.kind === 'retire') keys -= 1;
    if (newKeyIn(decision) === null || decision.current.kind === 'defer') continue;
    if (keys >= 2) return false;
    keys += 1;
    if (from && to?.rotation.policy.overlapHours === 0) keys -= 1;
  }
  return true;
}

interface Verdict extends Plan {
  readonly name: string;
  readonly isPossible: boolean;
  readonly isCertain: boolean;
}

function verdicts(rules = ALL): Verdict[] {
  return [0, 1].flatMap((strangers) =>
    rows(strangers).map((row) => {
      const cases = row.map((kind, at): Case => ({
        kind,
        ...(KINDS[kind]?.(`AKIA${at}`) ?? { from: null, to: null }),
      }));
      const plan = planOf(cases, strangers, rules);
      const done = orders(plan.planned).map((order) => isDone(order, strangers));
      const name = `${row.join(', ')} beside ${strangers}`;
      return { ...plan, name, isPossible: done.some(Boolean), isCertain: done.every(Boolean) };
    }),
  );
}

const names = (found: readonly Verdict[]) => found.map(({ name }) => name);
const wronglyRefused = (all: readonly Verdict[]) =>
  names(all.filter(({ isRefused, isPossible }) => isRefused && isPossible));
const wronglyPassed = (all: readonly Verdict[]) =>
  names(all.filter(({ isRefused, isPossible }) => !isRefused && !isPossible));
const silent = (all: readonly Verdict[]) =>
  names(all.filter(({ isRefused, isWarned, isCertain }) => !isRefused && !isWarned && !isCertain));

describe('Whatever up to three resources of one bucket want, in whatever order they are planned', () => {
  const all = verdicts();

  test('there are as many cases as are promised', () => {
    expect(all.length).toBeGreaterThan(150);
    expect(all.filter(({ isRefused }) => isRefused).length).toBeGreaterThan(30);
    expect(all.filter(({ isWarned }) => isWarned).length).toBeGreaterThan(10);
  });

  test('nothing is refused that some order of apply could carry out', () => {
    expect(wronglyRefused(all)).toEqual([]);
  });

  test('nothing passes that no order of apply could carry out', () => {
    expect(wronglyPassed(all)).toEqual([]);
  });

  test('nothing passes without a word whose apply depends on the order', () => {
    expect(silent(all)).toEqual([]);
  });

  test('what is due and planned last is made only where it has room in every order', () => {
    const isMadeLast = ({ planned }: Verdict) => {
      const { kind = '', decision = null } = planned.at(-1) ?? {};
      return kind.startsWith('due') && decision?.current.kind === 'rotate';
    };
    const made = all.filter(isMadeLast);
    expect(made).not.toEqual([]);
    expect(names(made.filter(({ isCertain, isRefused }) => !isCertain && !isRefused))).toEqual([]);
  });
});

describe('The model fails', () => {
  test('where a plan forgets the others', () => {
    const all = verdicts({ ...ALL, counts: () => false });
    expect(wronglyPassed(all)).not.toEqual([]);
    expect(silent(all)).not.toEqual([]);
  });

  test('where new keys alone are counted', () => {
    const all = verdicts({ ...ALL, counts: ({ makes }) => makes !== null });
    expect([...wronglyPassed(all), ...silent(all)]).not.toEqual([]);
  });

  test('where what goes is not counted', () => {
    const all = verdicts({ ...ALL, counts: ({ first, makes }) => makes !== null || first.length === 0 });
    expect([...wronglyPassed(all), ...silent(all)]).not.toEqual([]);
  });

  test('where keys of states are taken for those of unknown owners', () => {
    expect(wronglyRefused(verdicts({ ...ALL, isRead: false }))).not.toEqual([]);
  });
});
