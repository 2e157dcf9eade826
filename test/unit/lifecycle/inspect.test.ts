import type { Intent, Mark } from '../../../src/lifecycle/journal/entry.js';
import { newIntent } from '../../../src/lifecycle/journal/new-entry.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { inspect } from '../../../src/lifecycle/inspect.js';
import { desk, ORDER } from './desk.js';

const begin = async (at: ReturnType<typeof desk>, world: KeyContext, change: Partial<Intent> = {}) => {
  const intent = newIntent(world, ORDER, await world.keys.list(), { before: null, lateWindow: null });
  at.store.writeJournal({ ...intent, ...change }, at.store.readJournal().revision);
};
const kind = async (world: KeyContext) => (await inspect(world, ORDER))?.situation.kind;

test('nothing at the destination: free', async () => {
  expect(await kind(desk().world())).toBe('free');
});

test('content without a journal: foreign', async () => {
  const at = desk();
  at.store.current = { id: 'AKIATHEIRS', secret: 'theirs' };
  expect(await kind(at.world())).toBe('foreign');
});

test('content without a journal that this state has put there: free, and it is replaced', async () => {
  const at = desk();
  const world = at.world();
  const id = at.cloud.make('uploads', 'A')?.id ?? '';
  at.store.current = { id, secret: 'ours' };
  expect(await kind(world)).toBe('foreign');
  world.known.sawInState(id);
  expect(await kind(world)).toBe('foreign');
  world.known.delivered(id, 'another place');
  expect(await kind(world)).toBe('foreign');
  world.known.delivered(id, 'store:1');
  expect((await inspect(world, { exclusive: false }))?.situation).toMatchObject({
    kind: 'free',
    mark: { phase: 'confirmed', bucket: 'uploads', accessKeyId: id },
  });
  world.known.keep(id);
  expect(await kind(world)).toBe('foreign');
});

test('an intent whose holder lives: busy, until it expires', async () => {
  const at = desk();
  await begin(at, at.world());
  expect(await kind(at.world())).toBe('busy');
  at.cloud.pass(10 * 60_000, 0);
  expect(await kind(at.world())).toBe('abandoned');
});

test('an intent whose holder is dead: abandoned, with what came since', async () => {
  const at = desk();
  at.cloud.make('uploads', 'stranger');
  at.cloud.pass(5000, 0);
  await begin(at, at.deadWorld());
  const key = at.cloud.make('uploads', 'A');
  const found = await inspect(at.world(), ORDER);
  expect(found?.situation).toMatchObject({ kind: 'abandoned', newcomers: [{ id: key?.id }] });
});

test('an intent that names a living key: unfinished, and delivered once it is promoted', async () => {
  const at = desk();
  const dead = at.deadWorld();
  const key = at.cloud.make('uploads', 'A');
  await begin(at, dead, { made: key?.id ?? '' });
  expect(await kind(at.world())).toBe('unfinished');
  at.store.current = { id: key?.id ?? '', secret: key?.secret ?? '' };
  expect(await kind(at.world())).toBe('owned');
  dead.runs.noteMade(key?.id ?? '', new Date());
  expect(await kind(at.world())).toBe('delivered');
});

test('something else was put there after an intent: foreign, and its key is named all the same', async () => {
  const at = desk();
  const key = at.cloud.make('uploads', 'A');
  await begin(at, at.deadWorld(), { made: key?.id ?? '' });
  at.store.current = { id: null, secret: 'theirs' };
  const found = await inspect(at.world(), ORDER);
  expect(found?.situation).toMatchObject({
    kind: 'foreign',
    beside: { bucket: 'uploads', keys: [{ id: key?.id }] },
  });
});

test('something else was put there while a run is at work: foreign, and nothing is said of its key', async () => {
  const at = desk();
  const key = at.cloud.make('uploads', 'A');
  await begin(at, at.world(), { made: key?.id ?? '' });
  at.store.current = { id: null, secret: 'theirs' };
  expect((await inspect(at.world(), ORDER))?.situation).toEqual({
    kind: 'foreign',
    beside: null,
    pairOf: null,
  });
});

test("another stack's key, whose place somebody has taken, is nobody's leftover", async () => {
  const at = desk();
  const key = at.cloud.make('uploads', 'A');
  const mark: Mark = {
    phase: 'confirmed',
    bucket: 'uploads',
    accessKeyId: key?.id ?? '',
    holder: at.deadWorld().runs.self,
    at: '2026-01-01T00:00:00Z',
    expiresAt: '2026-01-01T00:05:00Z',
  };
  at.store.writeJournal(mark, at.store.readJournal().revision);
  at.store.current = { id: null, secret: 'theirs' };
  expect((await inspect(at.world(), ORDER))?.situation).toEqual({
    kind: 'foreign',
    beside: null,
    pairOf: null,
  });
});

describe('A journal that speaks of another bucket', () => {
  const elsewhere = async (at: ReturnType<typeof desk>, change: Partial<Intent> = {}) => {
    const key = at.cloud.make('archive', 'A');
    const id = key?.id ?? '';
    await begin(at, at.deadWorld(), { bucket: 'archive', made: id, ...change });
    return id;
  };

  test('proves no key of it ours: it is named, left alone, and one is made beside it', async () => {
    const at = desk();
    const id = await elsewhere(at);
    const found = await inspect(at.world(), ORDER);
    expect(found?.situation).toMatchObject({ kind: 'abandoned', newcomers: [{ id }] });
    await issueKey({ ...ORDER, exclusive: true }, at.world());
    expect(at.cloud.alive('archive')).toMatchObject([{ id }]);
    expect(at.cloud.alive('uploads')).toHaveLength(1);
    expect(at.said()).toContain(`Key ${id} on bucket archive was left alone`);
    expect(at.said()).toContain(`--bucket-name archive --access-key-id ${id}`);
  });

  test('is no reason to replace the pair of its living key, whatever it says of that', async () => {
    const at = desk();
    const id = await elsewhere(at, { withdrawn: true });
    at.store.current = { id, secret: 'theirs' };
    await expect(issueKey(ORDER, at.world())).rejects.toThrow(
      `the store already holds key ${id} of bucket archive`,
    );
    expect(at.store.current.id).toBe(id);
    expect(at.cloud.alive('archive')).toMatchObject([{ id }]);
  });
});
