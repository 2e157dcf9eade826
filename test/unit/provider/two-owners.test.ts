import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import type { Diagnostic, ObjectValue } from '../../../src/plugin/index.js';
import { hasErrors } from '../../support/terraform-core/provider.js';
import { Instance, inOrder, interleavings } from '../../support/terraform-core/together.js';
import { BUCKET, configOf, rotation, toCommand, toFile, toOutput } from './behaviour/arguments.js';
import type { Arguments } from './behaviour/arguments.js';
import { processBeside } from './behaviour/provider-config.js';
import type { ProviderProcess } from './behaviour/provider-process.js';

const CALLER = {
  accessKeyId: 'AKIARTXV5AHDQAAAAAAA',
  secretAccessKey: 'one/of+the+accounts/secrets000000000000',
};

let folder: string;
let emulator: Emulator;
let old: Instance<ProviderProcess>;
let other: Instance<ProviderProcess>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'two-owners-'));
  emulator = await Emulator.start({ buckets: [BUCKET, 'archive'], credentials: [CALLER], operationMs: 0 });
  old = new Instance();
  other = new Instance();
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const process = () => processBeside(emulator, CALLER);

const file = (name = 'key.json') => join(folder, name);
const config = (given: Partial<Arguments> = {}): ObjectValue =>
  configOf({ secret: toFile(file()), ...given });
const keys = () => emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId);
const errors = (said: readonly Diagnostic[]) => said.filter(({ severity }) => severity === 'error');
const texts = (said: readonly Diagnostic[]) => said.map(({ summary, detail }) => `${summary}\n${detail}`);

/** The old resource gets its key; answers the key's ID. */
async function settle(given: ObjectValue = config()): Promise<string> {
  await plan([true], given, null);
  expect((await old.apply(process())).failed).toBe(false);
  return keys()[0] ?? '';
}

type Wanted = Parameters<Instance<ProviderProcess>['steps']>[1];
type Side = ObjectValue | null | Wanted;
const wanted = (side: Side): Wanted =>
  side !== null && 'config' in side ? (side as Wanted) : { config: side };

/** One plan of both. */
async function plan(order: readonly boolean[], forOld: Side, forOther: Side): Promise<void> {
  const provider = process();
  const [first, second] = [old.steps(provider, wanted(forOld)), other.steps(provider, wanted(forOther))];
  await inOrder(order, first, second);
  await provider.end();
}

/** As plan and apply are one run: where one of the two cannot be planned, nothing is applied. */
async function apply(isOldFirst = true): Promise<void> {
  if (failed()) throw new Error(`The plan has failed: ${texts(said()).join('\n')}`);
  const provider = process();
  const both = isOldFirst ? [old, other] : [other, old];
  for (const one of both) expect((await one.apply(provider)).failed).toBe(false);
  await provider.end();
}

const said = () => [...old.said, ...other.said];
const failed = () => hasErrors(said());

describe('A resource under a new address', () => {
  const saysHowToMove = (id: string) => {
    const [error = '', ...more] = texts(errors(said())).filter((text) => text.includes('moveFromId('));
    expect(more).toEqual([]);
    expect(error.split('\n')[0]).toContain(`Key ${id} of bucket ${BUCKET}`);
    expect(error).toContain('\n  moved {\n    from = lightsail_bucket_access_key.OLD\n');
    expect(error).toContain('\n  key.resource.moveFromId("lightsail_bucket_access_key.OLD");');
  };

  const engines = interleavings(2, 1).flatMap((order) =>
    [true, false].map((readsLast) => [order, readsLast] as const),
  );
  it.each(engines)('is told apart from a new one (old: %p, read last: %s)', async (order, readsLast) => {
    const id = await settle();
    await plan(order, { config: null, readsLast }, config());
    saysHowToMove(id);
    expect(keys()).toEqual([id]);
    // The same once more: what the first plan has left at the destination changes nothing.
    await plan(order, { config: null, readsLast }, config());
    saysHowToMove(id);
  });

  it.each(interleavings(1, 1))('is told apart without a refresh (old: %s %s)', async (...order) => {
    const id = await settle();
    await plan(order, { config: null, refresh: false }, { config: config(), refresh: false });
    saysHowToMove(id);
  });

  const changes: readonly (readonly [string, () => Partial<Arguments>])[] = [
    ['another form of the pair', () => ({ secret: toFile(file(), { format: 'env' }) })],
    [
      'the path spelt otherwise',
      () => ({ secret: toFile(join(folder, '.', '..', folder.split('/').pop() ?? '', 'key.json')) }),
    ],
    ['other keepers', () => ({ rotation: rotation({ keepers: { is: 'new' } }) })],
    ['another bucket', () => ({ bucket_name: 'archive' })],
  ];
  const changed = changes.flatMap(([name, change]) =>
    interleavings(2, 1).map((order) => [name, order, change] as const),
  );
  it.each(changed)('is told apart with %s (old: %p)', async (_, order, change) => {
    const id = await settle();
    await plan(order, null, config(change()));
    saysHowToMove(id);
  });

  it.each(interleavings(2, 1))(
    'is told apart at a program of its author (old: %s %s %s)',
    async (...order) => {
      const secret = toCommand(file('store'));
      const id = await settle(config({ secret }));
      await plan(order, null, config({ secret }));
      saysHowToMove(id);
    },
  );

  it('moves as it is: nothing changes, and nothing is called', async () => {
    const id = await settle();
    other = new Instance(old.core.state);
    old = new Instance();
    await plan([false, false], null, config());
    expect(other.plan.change?.action).toBe('no change');
    expect(said()).toEqual([]);
    expect(keys()).toEqual([id]);
  });

  const elsewhere: readonly (readonly [string, () => ObjectValue])[] = [
    ['another file', () => toFile(file('other.json'))],
    ['the state', () => toOutput()],
  ];
  const written = elsewhere.flatMap(([name, secret]) =>
    [true, false].flatMap((isOldFirst) =>
      interleavings(2, 1).map((order) => [name, order, isOldFirst, secret] as const),
    ),
  );
  it.each(written)(
    'with %s as destination gets a key of its own (old: %p, old applied first: %s)',
    async (_, order, isOldFirst, secret) => {
      const id = await settle(secret() === toOutput() ? config({ secret: toOutput() }) : config());
      await plan(order, null, config({ secret: secret() }));
      expect(errors(said())).toEqual([]);
      await apply(isOldFirst);
      const [left, ...more] = keys();
      expect(more).toEqual([]);
      expect(left).toBe(other.core.state?.value.access_key_id);
      expect(left).not.toBe(id);
      expect(existsSync(file())).toBe(false);
    },
  );

  it.each(interleavings(2, 1))(
    'in a state of its own gets a key of its own (old: %s %s %s)',
    async (...order) => {
      const secret = toOutput();
      const id = await settle(config({ secret }));
      await plan(order, null, config({ secret }));
      expect(errors(said())).toEqual([]);
      await apply();
      expect(keys()).toEqual([other.core.state?.value.access_key_id]);
      expect(keys()).not.toContain(id);
    },
  );
});

describe('A key that another resource of the state holds', () => {
  it.each(interleavings(2, 3))('is not imported by a renamed one (old: %s %s %s %s %s)', async (...order) => {
    const id = await settle();
    await plan(order, null, { config: config(), imports: `${BUCKET},${id}` });
    const [error = '', ...more] = texts(errors(said()));
    expect(more).toEqual([]);
    expect(error).toContain(`Key ${id} of bucket ${BUCKET}`);
    expect(error).toContain('moveFromId(');
  });

  it.each(interleavings(2, 3))('nor beside one that keeps it (old: %s %s %s %s %s)', async (...order) => {
    const id = await settle();
    await plan(order, config(), { config: config(), imports: `${BUCKET},${id}` });
    const [error = '', ...more] = texts(errors(said()));
    expect(more).toEqual([]);
    expect(error).toContain(`Key ${id} of bucket ${BUCKET}`);
  });

  it('may be imported where the old resource is forgotten: OpenTofu reads it, and plans nothing', async () => {
    const id = await settle();
    const provider = process();
    const [read] = old.steps(provider, { config: null });
    await read?.();
    for (const step of other.steps(provider, { config: config(), imports: `${BUCKET},${id}` })) await step();
    expect(errors(said())).toEqual([]);
    expect(other.plan.change?.action).toBe('update');
  });

  describe('since somebody has imported it by a command', () => {
    let id: string;
    beforeEach(async () => {
      id = await settle();
      const provider = process();
      const [importing, reading] = other.steps(provider, { config: config(), imports: `${BUCKET},${id}` });
      await importing?.();
      await reading?.();
      other = new Instance(other.plan.refreshed);
    });

    it.each(interleavings(2, 2))('is kept by both, with a warning (old: %s %s %s %s)', async (...order) => {
      await plan(order, config(), config());
      expect(errors(said())).toEqual([]);
      expect(texts(said()).filter((text) => text.includes('held by two resources'))).toHaveLength(1);
      expect(texts(said()).join()).toContain(`Key ${id} of bucket ${BUCKET} is held by two resources`);
    });

    const removals = interleavings(2, 2).flatMap((order) =>
      (
        [
          [null, config0()],
          [config0(), null],
        ] as const
      ).map(([one, two]) => [order, one, two] as const),
    );
    it.each(removals)(
      'keeps the plan from removing one of the two (old: %p)',
      async (order, forOld, forOther) => {
        await plan(order, forOld && config(), forOther && config());
        const [error = '', ...more] = texts(errors(said()));
        expect(more).toEqual([]);
        expect(error).toContain(`Key ${id} of bucket ${BUCKET} is held by`);
        expect(error).toContain('\n  terraform state rm ADDRESS');
      },
    );

    it('is the imported one’s as it is once the old one is out of the state', async () => {
      old = new Instance();
      await plan([true, false, false], null, config());
      await apply();
      await plan([true, false, false], null, config());
      expect(other.plan.change?.action).toBe('no change');
      expect(keys()).toEqual([id]);
    });

    it.each(interleavings(2, 2))('is not rotated by one of them (old: %s %s %s %s)', async (...order) => {
      await plan(
        order,
        config({ rotation: rotation({ keepers: { is: 'new' }, overlap_hours: 0 }) }),
        config(),
      );
      expect(texts(errors(said())).join()).toContain(`Key ${id} of bucket ${BUCKET} is held by`);
    });

    it.each(interleavings(2, 2))(
      'is not replaced by one that was never delivered elsewhere (old: %s %s %s %s)',
      async (...order) => {
        const elsewhere = config({
          secret: toFile(file('other.json')),
          rotation: rotation({ overlap_hours: 0 }),
        });
        await plan(order, config(), elsewhere);
        expect(texts(errors(said())).join()).toContain(`Key ${id} of bucket ${BUCKET} is held by`);
      },
    );

    const destroys = { destroys: true, config: config0() };
    const ends: readonly (readonly [string, readonly boolean[], Wanted, boolean])[] = [true, false].flatMap(
      (isOldFirst) => [
        ...interleavings(2, 2).map(
          (order) => ['without their blocks', order, { config: null }, isOldFirst] as const,
        ),
        ...interleavings(1, 1).map((order) => ['by a destroy', order, destroys, isOldFirst] as const),
      ],
    );
    it.each(ends)('goes with both, %s (old: %p), once', async (_, order, side, isOldFirst) => {
      await plan(order, side, side);
      expect(errors(said())).toEqual([]);
      await apply(isOldFirst);
      expect(keys()).toEqual([]);
      expect([old.core.state, other.core.state]).toEqual([null, null]);
      expect(
        emulator.log.filter(({ operation, effect }) => effect && operation === 'DeleteBucketAccessKey'),
      ).toHaveLength(1);
      expect(existsSync(file())).toBe(false);
    });
  });
});

function config0(): ObjectValue {
  return configOf({ secret: toFile('somewhere') });
}
