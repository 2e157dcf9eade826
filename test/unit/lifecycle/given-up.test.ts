import { setImmediate } from 'node:timers/promises';
import type { CreateOutcome, KeyContext } from '../../../src/lifecycle/ports.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import type { Intent, LateWindow } from '../../../src/lifecycle/journal/entry.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { removeKeys } from '../../../src/lifecycle/remove.js';
import { updateKeys } from '../../../src/lifecycle/rotate.js';
import { desk, ORDER } from './desk.js';
import type { Port } from './model/happenings.js';
import type { Scenario } from './model/scenario.js';

const HOUR = 60 * 60_000;
const LATE = 'AKIALATE000000000000';
const NOT_READY: CreateOutcome = {
  outcome: 'refused',
  reason: 'not yet',
  throttled: false,
  isNotReady: true,
};

/** A table at which a run has died right after its first such call, or its last one. */
async function deadAfter(port: Port, scenario: Partial<Scenario>, which: 'first' | 'last' = 'first') {
  const plain = desk(scenario);
  await issueKey(ORDER, plain.world());
  const isIt = (step: { readonly port: Port }) => step.port === port;
  const { steps } = plain.history;
  const at = which === 'first' ? steps.findIndex(isIt) : steps.findLastIndex(isIt);
  const table = desk(scenario, new Map([[at, 'crash-after']]));
  void issueKey(ORDER, table.world());
  while (table.history.steps.length <= at) await setImmediate();
  await setImmediate();
  const [first] = table.cloud.keys;
  if (!first) throw new Error('no key was made');
  return { ...table, first, alive: () => table.cloud.alive('uploads').map(({ id }) => id) };
}

function withKeys(context: KeyContext, keys: Partial<KeyContext['keys']>): KeyContext {
  return { ...context, keys: { ...context.keys, ...keys } };
}

describe('a key of a dead run that no list has ever shown, once its deletion is accepted', () => {
  test('is deleted again where the list before the next creation shows it', async () => {
    const { world, cloud, first, history, alive } = await deadAfter('destination.stage', {
      route: 'sealed',
      lag: HOUR,
    });
    const own = world();
    let sent = 0;
    let looks = 0;
    const context = withKeys(own, {
      // The first one meets a replica that does not know the key.
      delete: (id) => (sent++ === 0 ? Promise.resolve() : own.keys.delete(id)),
      list: (options) => {
        if (sent > 0 && ++looks === 2) Object.assign(history.scenario, { lag: 0 });
        return own.keys.list(options);
      },
    });
    const { key, beside } = await issueKey(ORDER, context);
    expect(cloud.find(first.id)?.alive).toBe(false);
    expect(alive()).toEqual([key.id]);
    expect(beside).toEqual([]);
  });

  test('takes no slot of a creation that AWS refuses as long as it counts the key', async () => {
    const table = await deadAfter('destination.stage', { route: 'sealed', lag: HOUR });
    const { world, cloud, first, alive } = table;
    first.alive = false;
    const stranger = cloud.make('uploads', 'stranger');
    const own = world();
    let refusals = 0;
    const context = withKeys(own, {
      create: () =>
        refusals++ < 3
          ? Promise.resolve({ outcome: 'refused', reason: 'two keys', throttled: false } as const)
          : own.keys.create(),
    });
    Object.assign(table.history.scenario, { lag: 0 });
    const { key } = await issueKey(ORDER, context);
    expect(alive()).toEqual([stranger?.id, key.id]);
  });

  test('does not come back when the next creation is put off', async () => {
    const { world, store, first, history } = await deadAfter('journal.write', { lag: HOUR }, 'last');
    if (store.current) Object.assign(store.current, { secret: 'altered' });
    Object.assign(history.scenario, { lag: 2 * HOUR });
    const own = world();
    let answers = 0;
    const context = withKeys(own, {
      create: () => (answers++ === 0 ? Promise.resolve(NOT_READY) : own.keys.create()),
    });
    const { key } = await issueKey(ORDER, context);
    expect(key.id).not.toBe(first.id);
    expect(store.current?.id).toBe(key.id);
    expect(store.readJournal().entry).toMatchObject({
      accessKeyId: key.id,
      lateWindow: { ours: [first.id] },
    });
  });

  test('is withdrawn in the journal before it is deleted, so that its pending pair is never finished', async () => {
    const order = { ...ORDER, verifySeconds: null };
    const { world, store, first } = await deadAfter('destination.stage', { lag: HOUR });
    const own = world();
    let writes = 0;
    const down = () => Promise.reject(new Error('the store is down'));
    const { journal } = own.destination;
    if (!journal) throw new Error('no journal');
    const destination = Object.create(own.destination, {
      staged: { value: down },
      discard: { value: down },
      check: { value: down },
      journal: {
        value: {
          read: () => journal.read(),
          write: (...entry: Parameters<typeof journal.write>) =>
            writes++ === 0 ? journal.write(...entry) : down(),
        },
      },
    }) as KeyContext['destination'];
    await expect(issueKey(order, { ...own, destination })).rejects.toThrow();
    expect(first.alive).toBe(false);
    expect(store.readJournal().entry).toMatchObject({ made: first.id, withdrawn: true });
  });

  test.each([true, false])(
    'stands in the way of no work on the key that its resource has (rotated: %s)',
    async (rotates) => {
      const { world, cloud, store, said } = desk({ route: 'sealed' });
      const { key } = await issueKey(ORDER, world());
      cloud.now += HOUR;
      const stranger = cloud.make('uploads', 'stranger');
      const entry = store.readJournal();
      const at = new Date(cloud.now).toISOString();
      const intent: Intent = {
        phase: 'intent',
        nonce: 'n',
        bucket: 'uploads',
        baseline: [key.id],
        holder: world().runs.self,
        begunAt: at,
        expiresAt: at,
        made: 'AKIAUNSEEN',
        unlistedSince: at,
        withdrawn: true,
        released: true,
        answered: true,
        replaces: key.id,
        ...(entry.entry && entry.entry.phase !== 'intent' && { before: entry.entry }),
      };
      store.writeJournal(intent, entry.revision);
      if (stranger) stranger.alive = false;
      const own = world();
      own.known.sawInState(key.id);
      own.known.release(key.id, key.id);
      own.known.expects('uploads', 'AKIAUNSEEN', new Date(cloud.now));
      const contexts = { next: () => Promise.resolve(own), current: own, previous: own };
      const after = await updateKeys(
        contexts,
        ORDER,
        { overlapHours: 24, afterDays: null, onStillUsed: 'block' },
        { current: key, previous: null, leftovers: ['AKIAUNSEEN'], former: null },
        { retires: false, rotates, takesOver: false },
      );
      expect(after.failures).toEqual([]);
      if (rotates) {
        expect(after).toMatchObject({ previous: key.id, leftovers: ['AKIAUNSEEN'] });
        expect(store.current?.id).toBe(after.current);
        expect(said()).toContain('AKIAUNSEEN of bucket uploads could not be deleted');
        return;
      }
      // The journal keeps its word: no later apply waits for it, and a list that shows it all the same has it deleted.
      expect(after).toMatchObject({ current: key.id, leftovers: [] });
      expect(said()).toContain(
        'AKIAUNSEEN of bucket uploads was deleted for a run that died, and no list has ever shown it',
      );
      expect(store.readJournal().entry).toMatchObject({ made: 'AKIAUNSEEN', withdrawn: true });
      expect(await refreshKey(world(), key.id)).toMatchObject({ leftovers: [] });
      const late = cloud.make('uploads', 'A');
      if (late) Object.assign(late, { id: 'AKIAUNSEEN' });
      expect(await refreshKey(world(), key.id)).toMatchObject({ leftovers: [{ id: 'AKIAUNSEEN' }] });
    },
  );
});

describe('a key that may still come, of a resource that is made anew with another destination', () => {
  /** The old destination's journal asks to look out for it, and the new one's is empty. */
  async function replaced(minutes: number) {
    const its = desk();
    const elsewhere = desk();
    const own = its.world();
    const { key } = await issueKey(ORDER, own);
    const { entry, revision } = its.store.readJournal();
    if (entry?.phase !== 'unconfirmed') throw new Error('no mark');
    const now = its.cloud.now;
    const lateWindow: LateWindow = {
      baseline: [],
      since: new Date(now - HOUR).toISOString(),
      until: new Date(now + minutes * 60_000).toISOString(),
      ours: [LATE],
      answered: true,
    };
    its.store.writeJournal({ ...entry, lateWindow }, revision);
    const places = { current: own, previous: own };
    const going = {
      bucket: 'uploads',
      held: [key.id],
      leftovers: [],
      createdAt: null,
      accounted: null,
      exclusive: false,
    };
    await removeKeys(places, [{ key: key.id, at: 'current' }], going, null);
    const { destination } = elsewhere.world();
    await issueKey(ORDER, { ...own, destination });
    return elsewhere.store.readJournal().entry;
  }

  test('is looked out for at the new one', async () => {
    expect(await replaced(10)).toMatchObject({ lateWindow: { ours: [LATE] } });
  });

  test('and no more once its time is over', async () => {
    const entry = await replaced(-1);
    expect(entry).toHaveProperty('accessKeyId');
    expect(entry).not.toHaveProperty('lateWindow');
  });
});

describe('what a creation on one bucket asks to look out for never goes to another bucket, whose mark it has kept', () => {
  /** `create_before_destroy` moves a resource from `uploads`, where a stranger's key is, to `archive`: one call got no answer. */
  function moving(withMade: boolean) {
    const its = desk();
    const { cloud, store } = its;
    const stranger = cloud.make('uploads', 'stranger');
    cloud.now += HOUR;
    const old = cloud.make('uploads', 'A');
    cloud.now += HOUR;
    const made = withMade ? cloud.make('archive', 'A') : null;
    if (!stranger || !old) throw new Error('no room');
    store.current = { id: old.id, secret: old.secret };
    const at = new Date(cloud.now).toISOString();
    const run = { holder: its.deadWorld().runs.self, expiresAt: new Date(cloud.now + 240_000).toISOString() };
    const intent: Intent = {
      ...run,
      phase: 'intent',
      nonce: 'n',
      bucket: 'archive',
      baseline: [],
      begunAt: at,
      before: { ...run, phase: 'confirmed', bucket: 'uploads', accessKeyId: old.id, at },
      released: true,
      ...(made && { made: made.id, withdrawn: true as const }),
    };
    store.writeJournal(intent, store.readJournal().revision);
    cloud.now += 5000;
    return { ...its, old, made: made?.id ?? '', stranger };
  }
  const going = (bucket: string, id: string) => ({
    bucket,
    held: [id],
    leftovers: [],
    createdAt: null,
    accounted: null,
    exclusive: true,
  });
  const on = (context: KeyContext, bucket: string): KeyContext => ({
    ...context,
    keys: context.keysOf(bucket),
  });
  async function destroy(context: KeyContext, bucket: string, key: string) {
    const places = { current: context, previous: context };
    return removeKeys(places, [{ key, at: 'current' }], going(bucket, key), null);
  }

  test('when the new key is destroyed, and then the old one', async () => {
    const { world, cloud, old, made, stranger } = moving(true);
    await destroy(on(world(), 'archive'), 'archive', made);
    await destroy(world(), 'uploads', old.id);
    expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([stranger.id]);
  });

  test('when the new key is destroyed, and the old one stays', async () => {
    const { world, store, old, made } = moving(true);
    await destroy(on(world(), 'archive'), 'archive', made);
    expect(await refreshKey(world(), old.id, { exclusive: true })).toMatchObject({ leftovers: [] });
    expect(store.readJournal().entry).toMatchObject({
      bucket: 'archive',
      answered: true,
      before: { accessKeyId: old.id },
    });
  });

  test('when the next creation is refused', async () => {
    const { world, old } = moving(false);
    const own = world();
    own.known.sawInState(old.id);
    own.known.release(old.id, null);
    const refusing = withKeys(on(own, 'archive'), {
      create: () => Promise.resolve({ outcome: 'refused', reason: 'no', throttled: false }),
    });
    await expect(issueKey({ ...ORDER, exclusive: true }, refusing)).rejects.toThrow();
    expect(await refreshKey(world(), old.id, { exclusive: true })).toMatchObject({ leftovers: [] });
  });
});
