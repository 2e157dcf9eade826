import { Coverage } from './coverage.js';
import { judgeGap } from './gaps.js';
import { gapIn, happeningsAt } from './happenings.js';
import type { Happening, Step } from './happenings.js';
import type { History } from './history.js';
import { KNOWN } from './known.js';
import type { Known } from './known.js';
import { play } from './play.js';
import type { Scenario } from './scenario.js';
import type { Sabotage } from './session.js';
import { Share } from './share.js';

export interface Walked {
  histories: number;
  readonly coverage: Coverage;
  /** Each kind of violation, with how often and an example that can be played again. */
  readonly violations: Map<string, { times: number; example: string }>;
  /** How often each violation was met that is known. */
  readonly known: Map<string, number>;
}

/** Whether a second happening may follow a first one. */
export type Pairs = (first: Happening, second: Happening, step: Step) => boolean;

type Plot = ReadonlyMap<number, Happening>;

export function nothingWalked(): Walked {
  return { histories: 0, coverage: new Coverage(), violations: new Map(), known: new Map() };
}

/**
 * Every history of a scenario with at most one happening, or a `share` of them, and after these the ones with two that
 * `pairs` asks for.
 */
export async function walk(
  scenario: Scenario,
  walked: Walked,
  {
    pairs,
    sabotage,
    share = new Share(1),
    upTo = Infinity,
  }: { pairs?: Pairs; sabotage?: Sabotage; share?: Share; upTo?: number } = {},
): Promise<void> {
  const plain = await visit(scenario, walked, new Map(), sabotage);
  for (const [at, first] of candidates(plain, 0)) {
    if (walked.violations.size >= upTo) return;
    if (!share.isTaken()) continue;
    const single = await visit(scenario, walked, new Map([[at, first]]), sabotage, plain);
    if (!pairs) continue;
    for (const [later, second, step] of candidates(single, at + 1)) {
      if (walked.violations.size >= upTo) return;
      if (!pairs(first, second, step)) continue;
      const plot = new Map([
        [at, first],
        [later, second],
      ]);
      await visit(scenario, walked, plot, sabotage, single);
    }
  }
}

/** `before`: the same history without its last happening. */
async function visit(
  scenario: Scenario,
  walked: Walked,
  plot: Plot,
  sabotage: Sabotage | undefined,
  before?: History,
): Promise<History> {
  const history = await play(scenario, plot, sabotage);
  const last = [...plot].at(-1);
  if (last && before && gapIn(last[1])) judgeGap(before, history, last[0]);
  walked.histories += 1;
  for (const violation of history.violations) {
    const known = KNOWN.find((one) => isKnown(one, violation, scenario, plot, history));
    if (known && !sabotage) {
      walked.known.set(known.name, (walked.known.get(known.name) ?? 0) + 1);
      continue;
    }
    const seen = walked.violations.get(violation);
    if (seen) seen.times += 1;
    else walked.violations.set(violation, { times: 1, example: describe(scenario, plot, history) });
  }
  for (const [number, happening] of plot) {
    const { run = 0, phase = 'plan' } = history.steps[number] ?? {};
    // A plan that was cut off would have decided what it decides in the history without the cut.
    const isCut = phase === 'plan' && /^(kill|crash)/.test(happening);
    const kinds = (isCut ? before : history)?.kinds.get(run) ?? [];
    walked.coverage.meet(kinds, happening);
  }
  return history;
}

function isKnown(
  { violation, scenario, after }: Known,
  found: string,
  wanted: Scenario,
  plot: Plot,
  { steps }: History,
): boolean {
  if (!violation.test(found) || !scenario(wanted)) return false;
  if (!after) return true;
  return [...plot].some(([number, happening]) => {
    const step = steps[number];
    return step !== undefined && after(happening, step);
  });
}

function* candidates(history: History, from: number): Generator<[number, Happening, Step]> {
  for (const [number, step] of history.steps.entries()) {
    if (number < from || step.run > 3) continue;
    for (const happening of happeningsAt(step)) {
      if (canBefall(history.scenario, happening)) yield [number, happening, step];
    }
  }
}

/** A state cannot be altered as a store can; for several resources what comes from outside of their configuration is enough. */
function canBefall({ route, row }: Scenario, happening: Happening): boolean {
  if (happening === 'altered' && (route === 'output' || row)) return false;
  return !row || !['rival', 'overtaken', 'neighbour-comes'].includes(happening);
}

function describe(scenario: Scenario, plot: Plot, history: History): string {
  const happened = [...plot].map(([number, happening]) => {
    const step = history.steps[number];
    return `[${number}, '${happening}'] at ${step?.port ?? '?'} of run ${step?.run ?? '?'} ${step?.phase ?? ''}`;
  });
  return `${JSON.stringify(scenario)} ${happened.join(' and ')}`;
}
