import { setImmediate } from 'node:timers/promises';
import { deleteWithPair } from '../../../src/lifecycle/delete.js';
import { inspect } from '../../../src/lifecycle/inspect.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { desk, ORDER } from './desk.js';
import type { Port } from './model/happenings.js';
import type { Scenario } from './model/scenario.js';

const LONG = 4 * 60_000;
const SIX_MINUTES = 6 * 60_000;
const SEVEN_MINUTES = 7 * 60_000;

/** A table at which a run has died right after its first such call. */
async function deadAfter(port: Port, scenario: Partial<Scenario>) {
  const plain = desk(scenario);
  await issueKey(ORDER, plain.world());
  const at = plain.history.steps.findIndex((step) => step.port === port);
  const table = desk(scenario, new Map([[at, 'crash-after']]));
  void issueKey(ORDER, table.world());
  while (table.history.steps.length <= at) await setImmediate();
  await setImmediate();
  return table;
}

test.each<[Port, string]>([
  ['destination.promote', 'delivered'],
  ['destination.stage', 'unfinished'],
])(
  'a key that no list shows yet is rolled forward after a death at %s, and no second one is made',
  async (port, kind) => {
    const { world, cloud, store } = await deadAfter(port, { lag: LONG });
    expect((await inspect(world(), ORDER))?.situation).toMatchObject({ kind, key: { isUnlisted: true } });
    const { key } = await issueKey(ORDER, world());
    expect(cloud.keys).toHaveLength(1);
    expect(store.current?.id).toBe(key.id);
    expect(store.readJournal().entry).toMatchObject({
      phase: 'unconfirmed',
      accessKeyId: key.id,
      unlistedSince: expect.any(String) as string,
    });
  },
);

test('a key whose secret cannot be read back is deleted before the next one is made, though no list shows it yet', async () => {
  const { world, cloud } = await deadAfter('destination.stage', { lag: 20_000, route: 'sealed' });
  const { key } = await issueKey(ORDER, world());
  expect(cloud.keys.map(({ id, alive }) => [id === key.id, alive])).toEqual([
    [false, false],
    [true, true],
  ]);
});

test('a dead run’s key that no list has ever shown is given up once its deletion is accepted, takes no slot, and is looked out for', async () => {
  const { world, cloud, store, said } = await deadAfter('destination.stage', { route: 'sealed' });
  const [first] = cloud.keys;
  // The dead run has deleted it, and its store did not let it say so.
  if (first) first.alive = false;
  const stranger = cloud.make('uploads', 'stranger');
  const { key } = await issueKey(ORDER, world());
  expect(cloud.keys.filter(({ alive }) => alive).map(({ id }) => id)).toEqual([stranger?.id, key.id]);
  expect(store.readJournal().entry).toMatchObject({
    accessKeyId: key.id,
    lateWindow: { ours: [first?.id], answered: true },
  });
  expect(said()).toContain(
    `Key ${first?.id ?? ''} of bucket uploads was deleted for a run that died, and no list has ever shown it`,
  );
});

test('a run that is told to stop gives up no key that it has not seen to be gone', async () => {
  const { world, cloud, store } = await deadAfter('destination.stage', { route: 'sealed' });
  const [first] = cloud.keys;
  if (first) first.alive = false;
  const stopped = { ...world(), signal: AbortSignal.abort() };
  await expect(issueKey(ORDER, stopped)).rejects.toThrow(
    `key ${first?.id ?? ''} of bucket uploads could not be`,
  );
  expect(store.readJournal().entry).toMatchObject({ made: first?.id, withdrawn: true, released: true });
});

test('a key of the state that no list shows yet is alive, with a warning, until it is five minutes old', async () => {
  const { world, cloud, said } = desk({ lag: 60 * 60_000 });
  const { key } = await issueKey(ORDER, world());
  const later = world();
  later.known.expects('uploads', key.id, key.createdAt ?? new Date(0));
  expect(await refreshKey(later, key.id)).toMatchObject({
    state: 'alive',
    key: { isUnlisted: true },
    delivered: true,
  });
  expect(said()).toContain(`Key ${key.id} of bucket uploads is not listed yet`);
  cloud.pass(SIX_MINUTES, 0);
  expect(await refreshKey(later, key.id)).toMatchObject({ state: 'gone' });
});

test('a key that a list has shown and the next one does not is gone, however young it is', async () => {
  const { world, cloud } = desk();
  const { key } = await issueKey(ORDER, world());
  for (const made of cloud.keys) made.alive = false;
  expect(await refreshKey(world(), key.id)).toMatchObject({ state: 'gone' });
});

test('its age is told by the time of the list, not of this machine', async () => {
  const { world, cloud } = desk({ lag: LONG });
  // The service's clock is years before the machine's.
  expect(cloud.now).toBeLessThan(Date.now());
  const { key } = await issueKey(ORDER, world());
  const later = world();
  later.known.expects('uploads', key.id, key.createdAt ?? new Date(0));
  expect(await refreshKey(later, key.id)).toMatchObject({ state: 'alive' });
});

test('another stack at the same destination sees that its key is not listed yet, and is refused', async () => {
  const { world, cloud } = desk({ lag: LONG });
  await issueKey(ORDER, world());
  await expect(issueKey(ORDER, world())).rejects.toThrow('already holds key');
  expect(cloud.keys).toHaveLength(1);
});

test.each([true, false])(
  'a key that was given up before a list showed it is found by its journal (exclusive: %s)',
  async (exclusive) => {
    const { world, cloud, said } = await deadAfter('destination.stage', { lag: SEVEN_MINUTES });
    const [first] = cloud.keys;
    cloud.pass(SIX_MINUTES, 0);
    const { key } = await issueKey({ ...ORDER, exclusive }, world());
    expect(key.id).not.toBe(first?.id);
    cloud.pass(SEVEN_MINUTES, 0);
    const later = world();
    const found = await refreshKey(later, key.id, { exclusive });
    expect(found).toMatchObject({ leftovers: [{ id: first?.id }] });
    expect(said()).toContain(
      `Key ${first?.id ?? ''} on bucket uploads was left by a run that could not finish`,
    );
  },
);

test('what came beside a key that was given up is not proven by it', async () => {
  const { world, cloud } = await deadAfter('destination.stage', { lag: SEVEN_MINUTES });
  const [first] = cloud.keys;
  cloud.pass(SIX_MINUTES, 0);
  const { key } = await issueKey(ORDER, world());
  if (first) first.alive = false;
  const stranger = cloud.make('uploads', 'stranger');
  cloud.pass(SEVEN_MINUTES, 0);
  const found = await refreshKey(world(), key.id, { exclusive: true });
  expect(stranger).not.toBeNull();
  expect(found).toMatchObject({ leftovers: [] });
});

test('a deleted key that lists still show takes no slot of the process that has deleted it, and is not named', async () => {
  const { world, cloud, said } = desk({ deletedLag: 20_000 });
  const other = cloud.make('uploads', 'stranger');
  const own = world();
  const { key } = await issueKey(ORDER, own);
  await deleteWithPair(own, key.id);
  // AWS counts it for a while, so that the first creates are refused.
  const { key: next } = await issueKey(ORDER, own);
  expect(cloud.keys.filter(({ alive }) => alive).map(({ id }) => id)).toEqual([other?.id, next.id]);
  expect(said()).not.toContain(key.id);
});

test('a create that is refused is not sent again where this process has deleted nothing there', async () => {
  const { world, history } = desk({}, new Map([[5, 'refused']]));
  await expect(issueKey(ORDER, world())).rejects.toThrow('the call was refused');
  expect(history.steps.filter(({ port }) => port === 'keys.create')).toHaveLength(1);
});

test('without a journal a key that came a little earlier is named once both are listed', async () => {
  const { world, cloud, said } = await deadAfter('destination.check', { route: 'output', lag: LONG });
  const dead = cloud.make('uploads', 'A');
  const { key } = await issueKey(ORDER, world());
  expect(said()).not.toContain(dead?.id);
  const later = world();
  later.known.expects('uploads', key.id, key.createdAt ?? new Date(0));
  cloud.pass(LONG, 0);
  await refreshKey(later, key.id);
  expect(said()).toContain(
    `Bucket uploads also holds key ${dead?.id ?? ''}, which no list had shown before key ${key.id} was made`,
  );
});
