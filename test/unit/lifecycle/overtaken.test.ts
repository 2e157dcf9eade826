import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { LifecycleError } from '../../../src/lifecycle/lifecycle-error.js';
import type { Destination } from '../../../src/lifecycle/destination.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { desk, ORDER } from './desk.js';

const LONGER_THAN_ANY_LEASE = 600_000;
type Desk = ReturnType<typeof desk>;

/** A run of another machine: what it takes over is over by time alone. */
function elsewhere(at: Desk): KeyContext {
  const world = at.world();
  const self = { ...world.runs.self, machine: 'elsewhere', host: 'elsewhere', folder: '/elsewhere' };
  return { ...world, runs: { ...world.runs, self, isDead: () => false } };
}

async function failure(work: Promise<unknown>): Promise<LifecycleError> {
  const error = await work.then(
    () => new Error('It succeeded.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LifecycleError)) throw error;
  return error;
}

/** So much time passes at this step of a run, and meanwhile something happens. */
function slowAt(
  at: Desk,
  step: 'begin' | 'accepts' | 'stage' | 'promote',
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): KeyContext {
  const world = at.world();
  let isFirst = true;
  const wait = async () => {
    if (!isFirst) return;
    isFirst = false;
    at.cloud.pass(LONGER_THAN_ANY_LEASE, 0);
    await meanwhile();
  };
  if (step === 'accepts') {
    const accepts: KeyContext['s3']['accepts'] = async (pair) => {
      await wait();
      return world.s3.accepts(pair);
    };
    return { ...world, s3: { accepts } };
  }
  const { destination } = world;
  const { journal } = destination;
  if (step === 'begin' && journal) {
    const write: typeof journal.write = async (entry, revision) => {
      await wait();
      return journal.write(entry, revision);
    };
    return { ...world, destination: { ...destination, journal: { read: () => journal.read(), write } } };
  }
  const slow: Partial<Destination> = {
    stage: async (pair) => {
      if (step === 'stage') await wait();
      await destination.stage(pair);
    },
    promote: async (id) => {
      if (step === 'promote') await wait();
      return destination.promote(id);
    },
  };
  return { ...world, destination: { ...destination, ...slow } };
}

const holderOf = (at: Desk) => at.store.readJournal().entry?.holder.host;
const alive = (at: Desk) => at.cloud.alive('uploads').map(({ id }) => id);

describe('A run whose lease is over', () => {
  it('before it has made a key, since the store let it wait for its turn, goes on with a new lease', async () => {
    const at = desk();
    const { key } = await issueKey(ORDER, slowAt(at, 'begin'));
    expect([alive(at), at.store.current?.id]).toEqual([[key.id], key.id]);
  });

  it.each(['accepts', 'stage'] as const)(
    'withdraws its key where nobody has come: slow at %s',
    async (step) => {
      const at = desk();
      const error = await failure(issueKey(ORDER, slowAt(at, step)));
      expect(error.summary).toContain('lease expired');
      expect([alive(at), at.store.current, error.remains]).toEqual([[], null, null]);
      expect(at.store.readJournal().entry).toMatchObject({ withdrawn: true, released: true });
    },
  );

  it.each(['accepts', 'promote'] as const)(
    'fails, and leaves the key to the run that has finished it: slow at %s',
    async (step) => {
      const at = desk();
      const error = await failure(
        issueKey(
          ORDER,
          slowAt(at, step, () => issueKey(ORDER, elsewhere(at))),
        ),
      );
      const [key] = alive(at);
      expect(error.summary).toBe(
        `Key ${key ?? ''} of bucket uploads was made by this run and is another run's now: process ${at.store.readJournal().entry?.holder.pid ?? 0} on elsewhere`,
      );
      expect(error.detail).toContain('elsewhere in folder /elsewhere');
      expect(error.remains).toBeNull();
      expect([at.store.current?.id, at.cloud.keys.length, holderOf(at)]).toEqual([key, 1, 'elsewhere']);
      expect(at.store.readJournal().entry).toMatchObject({ phase: 'unconfirmed', accessKeyId: key });
    },
  );

  it.each(['accepts', 'stage', 'promote'] as const)(
    'fails, and leaves the next key alone of a run that could not finish its own: slow at %s',
    async (step) => {
      const at = desk({ route: 'sealed' });
      const error = await failure(
        issueKey(
          ORDER,
          slowAt(at, step, () => issueKey(ORDER, elsewhere(at))),
        ),
      );
      const [first, next] = at.cloud.keys;
      expect(error.summary).toContain(`key ${first?.id ?? ''} of bucket uploads was deleted again`);
      expect(error.remains).toBeNull();
      expect([alive(at), at.store.current?.id, holderOf(at)]).toEqual([[next?.id], next?.id, 'elsewhere']);
    },
  );

  it('keeps its key where nobody has come by the end', async () => {
    const at = desk();
    const { key } = await issueKey(ORDER, slowAt(at, 'promote'));
    expect([alive(at), at.store.current?.id]).toEqual([[key.id], key.id]);
    expect(at.store.readJournal().entry).toMatchObject({ phase: 'unconfirmed', accessKeyId: key.id });
  });

  it('fails at the end where an author’s exclusive has given the key to another run', async () => {
    const at = desk();
    const world = at.world();
    let isFirst = true;
    const list: KeyContext['keys']['list'] = async () => {
      if (at.store.current && isFirst) {
        isFirst = false;
        at.cloud.pass(LONGER_THAN_ANY_LEASE, 0);
        await issueKey({ ...ORDER, exclusive: true }, elsewhere(at));
      }
      return world.keys.list();
    };
    const error = await failure(issueKey(ORDER, { ...world, keys: { ...world.keys, list } }));
    expect(error.summary).toContain("is another run's now");
    expect([error.remains, alive(at).length, holderOf(at)]).toEqual([null, 1, 'elsewhere']);
  });

  it('claims no key where its journal cannot be written at the end, and nobody can tell whose it is', async () => {
    const at = desk();
    const world = slowAt(at, 'promote');
    const { journal } = world.destination;
    if (!journal) throw new Error('There is no journal.');
    const write: typeof journal.write = (entry, revision) =>
      entry?.phase === 'unconfirmed'
        ? Promise.reject(new Error('It is away.'))
        : journal.write(entry, revision);
    const destination = { ...world.destination, journal: { read: () => journal.read(), write } };
    const error = await failure(issueKey(ORDER, { ...world, destination }));
    expect(error.summary).toContain(`Cannot verify whether the secret of key ${alive(at)[0] ?? ''}`);
    expect([error.remains, at.store.current?.id]).toEqual([null, alive(at)[0]]);
  });

  it('leaves its key alive and named where it can neither promote it nor ask whose it is', async () => {
    const at = desk();
    const world = slowAt(at, 'accepts');
    const { journal } = world.destination;
    if (!journal) throw new Error('There is no journal.');
    const write: typeof journal.write = (entry, revision) =>
      entry?.phase === 'intent' && entry.withdrawn
        ? Promise.reject(new Error('It is away.'))
        : journal.write(entry, revision);
    const destination = { ...world.destination, journal: { read: () => journal.read(), write } };
    const error = await failure(issueKey(ORDER, { ...world, destination }));
    expect([alive(at).length, at.store.current, error.remains]).toEqual([1, null, null]);
    expect(error.summary).toContain(alive(at)[0]);
    // The next run finds it by the journal.
    await issueKey(ORDER, elsewhere(at));
    expect(alive(at)).toHaveLength(1);
  });
});

test('a store of two seconds a call leaves time enough', async () => {
  const at = desk();
  const world = at.world();
  const slow =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    (...args: Args) => {
      at.cloud.pass(2000, 0);
      return call(...args);
    };
  const { destination } = world;
  const { journal } = destination;
  if (!journal) throw new Error('There is no journal.');
  const { key } = await issueKey(ORDER, {
    ...world,
    destination: {
      ...destination,
      check: slow(() => destination.check()),
      read: slow(() => destination.read()),
      stage: slow((pair) => destination.stage(pair)),
      promote: slow((id) => destination.promote(id)),
      journal: {
        read: slow(() => journal.read()),
        write: slow((entry, revision) => journal.write(entry, revision)),
      },
    },
  });
  expect([alive(at), at.store.current?.id]).toEqual([[key.id], key.id]);
});
