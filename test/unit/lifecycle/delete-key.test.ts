import { deleteKey, NotSeenGone } from '../../../src/lifecycle/delete.js';
import { KnownKeys } from '../../../src/lifecycle/known-keys.js';
import { keysAsKnown } from '../../../src/lifecycle/list-keys.js';
import { BucketNotFound, NoList, NotReady } from '../../../src/lifecycle/ports.js';
import type { BucketKeys, KeyContext } from '../../../src/lifecycle/ports.js';

const KEY = 'AKIAOURS';
const START = Date.parse('2026-03-01T00:00:00Z');
const MINUTE = 60_000;

/** What the API does at each moment of a minute, by the seconds since the deletion began. */
interface Api {
  readonly isListed?: (second: number) => boolean;
  readonly refuses?: (second: number) => Error | null;
  readonly listFails?: (second: number) => Error | null;
}

/** A context whose clock goes by what is slept, and whose calls take no time. */
function setUp({ isListed = () => false, refuses = () => null, listFails = () => null }: Api) {
  let now = START;
  const second = () => (now - START) / 1000;
  const calls: string[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const forgotten: string[] = [];
  const stop = new AbortController();
  const known = new KnownKeys();
  const keys: BucketKeys = {
    bucket: 'uploads',
    region: 'eu-central-1',
    list: () => {
      calls.push(`list ${second()}`);
      const failure = listFails(second());
      if (failure) return Promise.reject(failure);
      const key = { id: KEY, status: 'Active', createdAt: new Date(START - 1000), lastUse: null };
      return Promise.resolve({ keys: isListed(second()) ? [key] : [], asOf: new Date(now) });
    },
    create: () => Promise.reject(new Error('Nobody makes a key here.')),
    delete: () => {
      calls.push(`delete ${second()}`);
      const refusal = refuses(second());
      return refusal ? Promise.reject(refusal) : Promise.resolve();
    },
  };
  const context = {
    keys: keysAsKnown(keys, known),
    known,
    runs: { forget: (id: string) => forgotten.push(id) },
    signal: stop.signal,
    clock: {
      elapsed: () => now - START,
      sleep: (milliseconds: number) => Promise.resolve((now += milliseconds)),
    },
    log: (_what: string, facts: Readonly<Record<string, unknown>>) => lines.push(facts),
  } as unknown as KeyContext;
  return { context, known, calls, lines, forgotten, stop, second, deleted: () => deleteKey(context, KEY) };
}

const young = (known: KnownKeys) => {
  known.expects('uploads', KEY, new Date(START - 1000));
};

test('a deletion adds one list', async () => {
  const { deleted, calls, forgotten } = setUp({});
  await deleted();
  expect(calls).toEqual(['delete 0', 'list 0']);
  expect(forgotten).toEqual([KEY]);
});

test('a key that is still listed is deleted again until it is not', async () => {
  const { deleted, calls, second } = setUp({ isListed: (at) => at < 20 });
  await deleted();
  expect(second()).toBeGreaterThanOrEqual(20);
  expect(second()).toBeLessThan(26);
  expect(calls.filter((call) => call.startsWith('delete')).length).toBe(calls.length / 2);
});

test('a key that is listed for a minute is not called deleted', async () => {
  const { deleted, second } = setUp({ isListed: () => true });
  const failure = deleted();
  await expect(failure).rejects.toThrow(NotSeenGone);
  await expect(failure).rejects.toThrow(
    /^AWS accepted the deletion, but after 6\d s GetBucketAccessKeys still showed the key\.$/,
  );
  expect(second()).toBeLessThan(66);
});

test.each([
  ['fails', new Error('Not now.'), 'this provider could not verify whether the key was gone: Not now.'],
  [
    'has no list',
    new NoList('No list.', { asOf: new Date(START) }),
    'this provider could not verify whether the key was gone: No list.',
  ],
])('where the list %s for a minute the key is not called deleted', async (_how, failure, words) => {
  const { deleted } = setUp({ listFails: () => failure });
  await expect(deleted()).rejects.toThrow(words);
});

test('a list that fails is asked for again', async () => {
  const { deleted, second } = setUp({ listFails: (at) => (at < 5 ? new Error('Not now.') : null) });
  await deleted();
  expect(second()).toBeGreaterThanOrEqual(5);
});

test('a key is gone with its bucket', async () => {
  const { deleted, known, calls } = setUp({ listFails: () => new BucketNotFound('No bucket.') });
  young(known);
  await deleted();
  // The second answer, a second later, says the same.
  expect(calls.at(-1)).toBe('list 2');
});

describe('While AWS says that it will be ready in some minutes', () => {
  const setUpInProgress = () => new NotReady('RegionSetupInProgressException.');

  test('a deletion is sent again, and its log says what is waited for', async () => {
    const { deleted, second, lines } = setUp({
      isListed: (at) => at < 100,
      refuses: (at) => (at < 90 ? setUpInProgress() : null),
    });
    await deleted();
    expect(second()).toBeGreaterThanOrEqual(90);
    expect(lines[0]).toMatchObject({
      call: 'DeleteBucketAccessKey',
      bucket: 'uploads',
      reason: 'RegionSetupInProgressException.',
    });
  });

  test('it is refused after five minutes', async () => {
    const { deleted, second } = setUp({ isListed: () => true, refuses: setUpInProgress });
    await expect(deleted()).rejects.toThrow('RegionSetupInProgressException.');
    expect(second()).toBeGreaterThan(240);
    expect(second()).toBeLessThanOrEqual(300);
  });

  test('it is refused at once when the run is stopped', async () => {
    const { deleted, second, stop } = setUp({ isListed: () => true, refuses: setUpInProgress });
    stop.abort();
    await expect(deleted()).rejects.toThrow('RegionSetupInProgressException.');
    expect(second()).toBe(0);
  });
});

describe('A refusal', () => {
  const refuses = () => new Error('You must not.');

  test('is reported at once where the key is listed', async () => {
    const { deleted, calls } = setUp({ refuses, isListed: () => true });
    await expect(deleted()).rejects.toThrow('You must not.');
    expect(calls).toEqual(['delete 0', 'list 0']);
  });

  test('is none where the list shows that the key is gone', async () => {
    const { deleted, calls } = setUp({ refuses });
    await deleted();
    expect(calls).toEqual(['delete 0', 'list 0']);
  });

  test('is reported where nobody can tell', async () => {
    const { deleted } = setUp({ refuses, listFails: () => new Error('Not now.') });
    await expect(deleted()).rejects.toThrow('You must not.');
  });

  test('is reported where a young key is missing from the list', async () => {
    const { deleted, known } = setUp({ refuses });
    young(known);
    await expect(deleted()).rejects.toThrow('You must not.');
  });

  test('after a deletion that was accepted ends nothing', async () => {
    const { deleted } = setUp({ refuses: (at) => (at > 0 ? refuses() : null), isListed: (at) => at < 10 });
    await deleted();
  });
});

describe('A young key that no list has shown', () => {
  test('is looked for before it is deleted, so that its absence says something', async () => {
    let isThere = true;
    const { deleted, known, calls, context } = setUp({ isListed: () => isThere });
    young(known);
    const { keys } = context;
    const gone = { ...keys, delete: (id: string) => keys.delete(id).then(() => void (isThere = false)) };
    await deleteKey({ ...context, keys: gone }, KEY);
    expect(calls).toEqual(['list 0', 'delete 0', 'list 0']);
    await expect(deleted()).resolves.toBeUndefined();
  });

  test('is deleted once it is listed, and again as long as a replica does not know it', async () => {
    let isThere = true;
    const { context, known, calls, second } = setUp({ isListed: (at) => isThere && at >= 8 });
    young(known);
    const { keys } = context;
    const replica = {
      ...keys,
      delete: (id: string) => keys.delete(id).then(() => void (isThere = second() < 20)),
    };
    await deleteKey({ ...context, keys: replica }, KEY);
    expect(isThere).toBe(false);
    const deletions = calls.filter((call) => call.startsWith('delete')).map((call) => Number(call.slice(7)));
    expect([deletions.length > 1, Math.min(...deletions) >= 8]).toEqual([true, true]);
  });

  test('is deleted all the same where no list shows it', async () => {
    const { deleted, known, calls } = setUp({});
    young(known);
    await deleted().catch(() => undefined);
    expect(calls.filter((call) => call.startsWith('delete'))).toHaveLength(1);
  });

  test('is deleted at once when Terraform is stopped, and not called deleted', async () => {
    const { deleted, known, stop, calls } = setUp({});
    young(known);
    stop.abort();
    await expect(deleted()).rejects.toThrow(
      'when Terraform was interrupted GetBucketAccessKeys had never shown',
    );
    expect(calls).toEqual(['list 0', 'delete 0', 'list 0']);
  });

  test('is not called deleted where none shows it within a minute', async () => {
    const { deleted, known } = setUp({});
    young(known);
    await expect(deleted()).rejects.toThrow(
      /after 6\d s GetBucketAccessKeys had never shown the key, so nothing proves that it is gone\.$/,
    );
  });

  test('is gone five minutes after it was made', async () => {
    const { deleted, known } = setUp({});
    known.expects('uploads', KEY, new Date(START - 5 * MINUTE));
    await deleted();
  });

  test('is one that was listed once a list of this process has shown it', async () => {
    let isThere = true;
    const { deleted, known, context } = setUp({ isListed: () => isThere });
    young(known);
    await context.keys.list();
    isThere = false;
    // What was written down before does not make it young again.
    young(known);
    await deleted();
  });
});

test('once Terraform is stopped nobody waits, and the key is not called deleted', async () => {
  const { deleted, stop, calls } = setUp({ isListed: () => true });
  stop.abort();
  await expect(deleted()).rejects.toThrow(
    'AWS accepted the deletion, but when Terraform was interrupted GetBucketAccessKeys still showed the key.',
  );
  expect(calls).toEqual(['delete 0', 'list 0']);
});

test('who waits for more than a second reads in the log why', async () => {
  const quick = setUp({ isListed: (at) => at < 1 });
  await quick.deleted();
  expect(quick.lines).toEqual([]);
  const slow = setUp({ isListed: (at) => at < 3 });
  await slow.deleted();
  expect(slow.lines).toEqual([{ bucket: 'uploads', access_key_id: KEY, seconds: 2, list: 'listed' }]);
});
