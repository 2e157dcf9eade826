import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import type { Diagnostic, ObjectValue } from '../../../src/plugin/index.js';
import { hasErrors } from '../../support/terraform-core/provider.js';
import { Instance, inOrder, interleavings } from '../../support/terraform-core/together.js';
import { BUCKET, configOf, rotation, toFile, toOutput } from './behaviour/arguments.js';
import type { Arguments } from './behaviour/arguments.js';
import { processBeside } from './behaviour/provider-config.js';
import type { ProviderProcess } from './behaviour/provider-process.js';

const CALLER = {
  accessKeyId: 'AKIARTXV5AHDQAAAAAAA',
  secretAccessKey: 'one/of+the+accounts/secrets000000000000',
};
const DAY = 24 * 3_600_000;

let folder: string;
let emulator: Emulator;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slots-'));
  emulator = await Emulator.start({ buckets: [BUCKET, 'archive'], credentials: [CALLER], operationMs: 0 });
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const process = () => processBeside(emulator, CALLER);

type One = Instance<ProviderProcess>;
type Wanted = Parameters<One['steps']>[1];

const file = (name: string) => join(folder, `${name}.json`);
const config = (name: string, given: Partial<Arguments> = {}): ObjectValue =>
  configOf({ secret: toFile(file(name)), ...given });
const ids = () => emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId);
const errors = (ones: readonly One[]) => texts(ones, 'error');
const warnings = (ones: readonly One[]) => texts(ones, 'warning');
const texts = (ones: readonly One[], kind: Diagnostic['severity']) =>
  ones
    .flatMap(({ said }) => said)
    .filter(({ severity }) => severity === kind)
    .map(({ summary, detail }) => `${summary}\n${detail}`);

/** A resource that has its key. */
async function settled(name: string, given: Partial<Arguments> = {}): Promise<One> {
  const one = new Instance<ProviderProcess>();
  await planned([[one, { config: config(name, given) }]]);
  expect((await one.apply(process())).failed).toBe(false);
  return one;
}

/** One plan of all of them, one after the other. */
async function planned(all: readonly (readonly [One, Wanted])[]): Promise<void> {
  const provider = process();
  for (const [one, wanted] of all) for (const step of one.steps(provider, wanted)) await step();
  await provider.end();
}

/** The same with the steps of two in this order. */
async function interleaved(
  order: readonly boolean[],
  first: readonly [One, Wanted],
  second: readonly [One, Wanted],
) {
  const provider = process();
  await inOrder(order, first[0].steps(provider, first[1]), second[0].steps(provider, second[1]));
  await provider.end();
}

/** All that were planned, in one process. */
async function applied(all: readonly One[]): Promise<boolean[]> {
  const provider = process();
  const failed: boolean[] = [];
  for (const one of all) failed.push((await one.apply(provider)).failed);
  await provider.end();
  return failed;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

const keyOf = (one: One) => one.core.state?.value.access_key_id as string;

describe('Three new keys on one empty bucket', () => {
  it.each(permutations(['a', 'b', 'c']))('the last plan is refused: %s, %s, %s', async (...names) => {
    const ones = names.map(() => new Instance<ProviderProcess>());
    await planned(ones.map((one, at) => [one, { config: config(names[at] ?? '') }]));
    const [error = '', ...more] = errors(ones);
    expect(more).toEqual([]);
    expect(hasErrors(ones[2]?.said ?? [])).toBe(true);
    expect(error).toContain(`Bucket ${BUCKET} has no room for the key of file ${file(names[2] ?? '')}`);
    for (const other of names.slice(0, 2)) expect(error).toContain(`the new key of file ${file(other)}`);
    expect(ids()).toEqual([]);
  });

  it('are told apart where all three pairs go to the state', async () => {
    const ones = [1, 2, 3].map(() => new Instance<ProviderProcess>());
    await planned(ones.map((one) => [one, { config: configOf({ secret: toOutput() }) }]));
    expect(ones.map(({ said }) => hasErrors(said))).toEqual([false, false, true]);
  });

  it('two are made, in whatever order they are planned', async () => {
    const ones = [1, 2].map(() => new Instance<ProviderProcess>());
    await planned(ones.map((one, at) => [one, { config: config(`${at}`) }]));
    expect(errors(ones)).toEqual([]);
    expect(await applied([...ones].reverse())).toEqual([false, false]);
    expect(ids()).toHaveLength(2);
  });
});

describe('A new key beside a rotation', () => {
  const due = { rotation: rotation({ after_days: 30 }) };
  const asked = { rotation: rotation({ keepers: { is: 'new' } }) };

  it.each(interleavings(2, 1))('that is due: one of them has to go without (%s %s %s)', async (...order) => {
    const old = await settled('old', due);
    const id = keyOf(old);
    emulator.clock.advance(31 * DAY);
    const other = new Instance<ProviderProcess>();
    await interleaved(order, [old, { config: config('old', due) }], [other, { config: config('new') }]);
    const isOldFirst = order.indexOf(false) > order.lastIndexOf(true);
    if (isOldFirst) {
      // The rotation was announced, so the new key is refused.
      expect(errors([old])).toEqual([]);
      expect(errors([other]).join()).toContain(`beside key ${id} and its successor`);
    } else {
      // A rotation waits without a diff.
      expect(errors([old, other])).toEqual([]);
      expect(old.plan.change?.action).toBe('no change');
      expect(warnings([old]).join()).toContain(`beside the new key of file ${file('new')}`);
      expect(await applied([old, other])).toEqual([false, false]);
      expect(ids()).toEqual([id, keyOf(other)]);
    }
  });

  it.each(interleavings(2, 1))('that is asked for: the later is refused (%s %s %s)', async (...order) => {
    const old = await settled('old');
    const id = keyOf(old);
    const other = new Instance<ProviderProcess>();
    await interleaved(order, [old, { config: config('old', asked) }], [other, { config: config('new') }]);
    const [error = '', ...more] = errors([old, other]);
    expect(more).toEqual([]);
    expect(error).toMatch(
      hasErrors(old.said)
        ? `beside the new key of file ${file('new')}`
        : `beside key ${id} and its successor`,
    );
    expect(ids()).toEqual([id]);
  });
});

describe('A new key beside two that stay', () => {
  const steps = permutations(['one', 'two', 'new']);
  it.each(steps)('is refused in every order: %s, %s, %s', async (...order) => {
    const all: Record<string, One> = {
      one: await settled('one'),
      two: await settled('two'),
      new: new Instance<ProviderProcess>(),
    };
    const kept = ids();
    await planned(order.map((name) => [all[name] ?? new Instance(), { config: config(name) }]));
    expect(errors(Object.values(all)).length).toBe(1);
    expect(errors(Object.values(all)).join()).toContain(`Bucket ${BUCKET} has no room for`);
    expect(ids()).toEqual(kept);
  });

  it('is refused by the last where both were read before it was planned', async () => {
    const [one, two, other] = [await settled('one'), await settled('two'), new Instance<ProviderProcess>()];
    const provider = process();
    const [readOne, planOne] = one.steps(provider, { config: config('one') });
    const [readTwo, planTwo] = two.steps(provider, { config: config('two') });
    const [planOther] = other.steps(provider, { config: config('new') });
    for (const step of [readOne, readTwo, planOther, planOne, planTwo]) await step?.();
    await provider.end();
    expect([one, two, other].map(({ said }) => hasErrors(said))).toEqual([false, true, false]);
    const [error = ''] = errors([two]);
    expect(error).toContain(
      `no room for the new key of file ${file('new')} beside key ${keyOf(one)} and key ${keyOf(two)}`,
    );
  });
});

describe('A slot that another resource frees in the same apply', () => {
  it.each(permutations(['stays', 'goes', 'new']))(
    'by its removal: whichever plan is last warns, and says depends_on: %s, %s, %s',
    async (...order) => {
      const all: Record<string, One> = { stays: await settled('stays'), goes: await settled('goes') };
      const other = (all.new = new Instance<ProviderProcess>());
      const { stays, goes } = all as Record<'stays' | 'goes', One>;
      const id = keyOf(goes);
      const provider = process();
      const steps = order.map((name) => {
        const wanted = { config: name === 'goes' ? null : config(name) };
        return [...(all[name]?.steps(provider, wanted) ?? [])];
      });
      // Terraform begins with the reads, of which all it needs is at hand.
      for (const row of steps) if (row.length > 1) await row.shift()?.();
      for (const row of steps) for (const step of row) await step();
      await provider.end();
      expect(errors([stays, goes, other])).toEqual([]);
      const said = warnings([stays, goes, other]).filter((text) => text.includes('depends_on'));
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(`only after the deletion of key ${id}`);
      expect(said[0]).toContain(`room for the key of file ${file('new')}`);
      expect(await applied([goes, other])).toEqual([false, false]);
      expect(ids()).toEqual([keyOf(stays), keyOf(other)]);
    },
  );

  it.each(interleavings(2, 1))(
    'by a retirement: whichever plan is last warns, and says depends_on (%s %s %s)',
    async (...order) => {
      const one = await settled('one');
      const id = keyOf(one);
      const rotated = { rotation: rotation({ keepers: { is: 'new' }, overlap_hours: 1 }) };
      await planned([[one, { config: config('one', rotated) }]]);
      expect(await applied([one])).toEqual([false]);
      emulator.clock.advance(DAY);
      const other = new Instance<ProviderProcess>();
      await interleaved(order, [one, { config: config('one', rotated) }], [other, { config: config('new') }]);
      if (order[0] === false) {
        // Nothing tells its keys from those of an unknown owner before they are read.
        expect(errors([other]).join()).toContain('has no room for another access key');
        return;
      }
      expect(errors([one, other])).toEqual([]);
      const said = warnings([one, other]).filter((text) => text.includes('depends_on'));
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(`only after the deletion of key ${id}`);
      expect(await applied([one, other])).toEqual([false, false]);
    },
  );

  it('lets a rotation that is due wait where only some orders leave it room', async () => {
    const due = { rotation: rotation({ after_days: 30 }) };
    const [one, two] = [await settled('one', due), await settled('two')];
    const kept = keyOf(one);
    emulator.clock.advance(31 * DAY);
    await planned([
      [two, { config: null }],
      [one, { config: config('one', due) }],
    ]);
    expect(errors([one, two])).toEqual([]);
    expect(one.plan.change?.action).toBe('no change');
    expect(warnings([one]).join()).toContain('should be replaced, and cannot be now');
    expect(await applied([one, two])).toEqual([false, false]);
    expect(ids()).toEqual([kept]);
  });

  it('is its own where it is made anew: nothing is said', async () => {
    const [one, two] = [await settled('one'), await settled('two')];
    const [kept, gone] = [keyOf(one), keyOf(two)];
    const provider = process();
    for (const step of one.steps(provider, { config: config('one') })) await step();
    two.core.state = two.core.state && { ...two.core.state, tainted: true };
    for (const step of two.steps(provider, { config: config('two') })) await step();
    await provider.end();
    expect(texts([one, two], 'error')).toEqual([]);
    expect(two.plan.change?.action).toBe('replace');
    expect(await applied([two])).toEqual([false]);
    expect(ids()).toEqual([kept, keyOf(two)]);
    expect(keyOf(two)).not.toBe(gone);
  });
});

describe('Two resources of one bucket with rotation', () => {
  const rotating = { rotation: rotation({ after_days: 30 }) };
  const word = `Bucket ${BUCKET} has no room for rotations`;

  it('are warned of at their first plan, and no more later', async () => {
    const [one, two] = [new Instance<ProviderProcess>(), new Instance<ProviderProcess>()];
    const both = (): readonly (readonly [One, Wanted])[] => [
      [one, { config: config('one', rotating) }],
      [two, { config: config('two', rotating) }],
    ];
    await planned(both());
    expect(errors([one, two])).toEqual([]);
    expect(warnings([one, two]).filter((text) => text.includes(word))).toHaveLength(1);
    expect(await applied([one, two])).toEqual([false, false]);
    await planned(both());
    expect(warnings([one, two])).toEqual([]);
  });

  it.each(interleavings(2, 1))('are warned of where one is new (%s %s %s)', async (...order) => {
    const [one, two] = [await settled('one', rotating), new Instance<ProviderProcess>()];
    await interleaved(order, [one, { config: config('one', rotating) }], [two, { config: config('two') }]);
    expect(errors([one, two])).toEqual([]);
    expect(warnings([one, two]).filter((text) => text.includes(word))).toHaveLength(1);
  });

  it('wait where both are due, and are told to delete neither key', async () => {
    const [one, two] = [await settled('one', rotating), await settled('two', rotating)];
    const kept = ids();
    emulator.clock.advance(31 * DAY);
    await planned([
      [one, { config: config('one', rotating) }],
      [two, { config: config('two', rotating) }],
    ]);
    expect([one, two].map(({ plan }) => plan.change?.action)).toEqual(['no change', 'no change']);
    expect(errors([one, two])).toEqual([]);
    const said = warnings([one, two]);
    expect(said.filter((text) => text.includes('All of them are keys of this configuration'))).not.toEqual(
      [],
    );
    expect(ids()).toEqual(kept);
  });
});

describe('A key that was imported while the other slot is taken', () => {
  it.each(['file', 'output'])('fails its apply, and names the key that has to go (to %s)', async (kind) => {
    const [own, stranger] = [emulator.makeStrangerKey(BUCKET), emulator.makeStrangerKey(BUCKET)];
    const one = new Instance<ProviderProcess>();
    const wanted = kind === 'file' ? config('one') : configOf({ secret: toOutput() });
    const imports = `${BUCKET},${own.accessKeyId}`;
    for (let run = 0; run < 3; run++) {
      await planned([[one, { config: wanted, imports }]]);
      expect(errors([one])).toEqual([]);
      expect(one.plan.change?.action).toBe('update');
      const { failed, said } = await one.apply(process());
      expect(failed).toBe(true);
      const [error] = said.filter(({ severity }) => severity === 'error');
      expect(error?.detail).toContain(`--access-key-id ${stranger.accessKeyId}`);
      expect(ids()).toEqual([own.accessKeyId, stranger.accessKeyId]);
    }
    emulator.deleteKey(BUCKET, stranger.accessKeyId);
    await planned([[one, { config: wanted }]]);
    expect((await one.apply(process())).failed).toBe(false);
    expect(ids()).toEqual([own.accessKeyId, keyOf(one)]);
  });
});
