import type { Intent } from '../../../src/lifecycle/journal/entry.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { BucketNotFound } from '../../../src/lifecycle/ports.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { announceRemoval, removeKeys } from '../../../src/lifecycle/remove.js';
import { desk, ORDER } from './desk.js';

/** A resource moves from bucket `uploads` to `archive`, and its run dies before the journal says which key it has made. */
function movedAndDied() {
  const its = desk();
  const { cloud, store } = its;
  const old = cloud.make('uploads', 'A');
  if (!old) throw new Error('The bucket is full.');
  store.current = { id: old.id, secret: old.secret };
  const holder = its.deadWorld().runs.self;
  const at = new Date(cloud.now).toISOString();
  const expiresAt = new Date(cloud.now + 240_000).toISOString();
  const run = { holder, expiresAt };
  const before = { ...run, phase: 'confirmed', bucket: 'uploads', accessKeyId: old.id, at } as const;
  const intent: Intent = {
    ...run,
    phase: 'intent',
    nonce: 'n',
    bucket: 'archive',
    baseline: [],
    begunAt: at,
    before,
  };
  store.writeJournal(intent, store.readJournal().revision);
  const made = cloud.make('archive', 'A');
  cloud.now += 5000;
  const context = its.world();
  context.known.sawInState(old.id);
  return { ...its, old, made: made?.id, context };
}

const goingOf = (id: string, createdAt: Date | null) => ({
  bucket: 'uploads',
  held: [id],
  leftovers: [],
  createdAt,
  accounted: [],
  exclusive: false,
});

describe('A key that a dead run has made on the bucket that its resource was to move to', () => {
  test('is reported by a refresh of the resource, which has stayed where it was', async () => {
    const { context, old, made, said } = movedAndDied();
    await refreshKey(context, old.id);
    expect(said()).toContain(made);
  });

  test('is reported by the plan of a destroy, and by the destroy, which leaves it alone', async () => {
    for (const step of ['plan', 'destroy'] as const) {
      const { context, old, made, said, cloud } = movedAndDied();
      const places = { current: context, previous: context };
      const going = goingOf(old.id, new Date(old.createdAt));
      if (step === 'plan') await announceRemoval(places, going);
      else await removeKeys(places, [{ key: old.id, at: 'current' }], going, null);
      expect(said()).toContain(made);
      expect(cloud.alive('archive').map(({ id }) => id)).toEqual([made]);
    }
  });
});

describe('A bucket that one replica does not know', () => {
  /** The first list says that there is no such bucket. */
  const forgetful = (context: KeyContext): KeyContext => {
    let lists = 0;
    const list = () => {
      lists += 1;
      return lists === 1 ? Promise.reject(new BucketNotFound('uploads')) : context.keys.list();
    };
    return { ...context, keys: { ...context.keys, list } };
  };

  test('is not gone at a refresh', async () => {
    const { world } = desk();
    const { key } = await issueKey(ORDER, world());
    expect(await refreshKey(forgetful(world()), key.id)).toMatchObject({ state: 'alive' });
  });

  test('is not gone at a destroy, whose deletion did not happen', async () => {
    const { world, cloud } = desk();
    const { key } = await issueKey(ORDER, world());
    const one = forgetful(world());
    const context = { ...one, keys: { ...one.keys, delete: () => Promise.resolve() } };
    const places = { current: context, previous: context };
    const removals = [{ key: key.id, at: 'current' }] as const;
    const { failures } = await removeKeys(places, removals, goingOf(key.id, key.createdAt), null);
    expect(failures).toHaveLength(1);
    expect(cloud.alive('uploads')).toHaveLength(1);
  });
});
