import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { LifecycleError } from '../../../src/lifecycle/lifecycle-error.js';
import { confirm } from '../../../src/lifecycle/journal/confirm.js';
import { newIntent } from '../../../src/lifecycle/journal/new-entry.js';
import type { CreateOutcome } from '../../../src/lifecycle/ports.js';
import { desk, ORDER } from './desk.js';

const failure = async (work: Promise<unknown>): Promise<LifecycleError> => {
  const error = await work.then(
    () => new Error('It succeeded.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LifecycleError)) throw error;
  return error;
};

test('a key is made, delivered, and marked without its secret', async () => {
  const { world, store, history } = desk();
  const { key, delivery } = await issueKey(ORDER, world());
  expect(store.current?.id).toBe(key.id);
  expect(delivery).toEqual({ reference: 'store:1', secret: null });
  const mark = store.readJournal().entry;
  expect(mark).toMatchObject({ phase: 'unconfirmed', bucket: 'uploads', accessKeyId: key.id });
  expect(JSON.stringify(mark)).not.toContain('SECRET');
  expect(history.messages).toEqual([]);
});

test('the journal knows the baseline before the create, and the key before its secret goes anywhere', async () => {
  const { world, history, cloud } = desk();
  cloud.make('uploads', 'stranger');
  await issueKey(ORDER, world());
  const ports = history.steps.map(({ port }) => port);
  const create = ports.indexOf('keys.create');
  expect(ports.slice(create - 1, create + 3)).toEqual([
    'journal.write',
    'keys.create',
    'journal.write',
    'destination.stage',
  ]);
});

test('a full bucket is refused with both keys named, and nothing is made', async () => {
  const { world, cloud } = desk();
  const ids = [cloud.make('uploads', 'stranger')?.id, cloud.make('uploads', 'stranger')?.id];
  const error = await failure(issueKey(ORDER, world()));
  expect(error.summary).toBe(
    `Bucket uploads has no room for another access key: it holds ${ids.join(' and ')}`,
  );
  expect(cloud.keys).toHaveLength(2);
});

test('a refusal after a run whose call got no answer does not say that no key was made', async () => {
  const { world, deadWorld, store } = desk();
  const begun = newIntent(deadWorld(), ORDER, await world().keys.list(), { before: null, lateWindow: null });
  store.writeJournal(begun, store.readJournal().revision);
  const it = world();
  const create = () => Promise.resolve({ outcome: 'refused', reason: 'No.', throttled: false } as const);
  const error = await failure(issueKey(ORDER, { ...it, keys: { ...it.keys, create } }));
  expect(error.detail).toBe(
    'No. An earlier call got no answer, so a key may still appear. The next plan looks for it.',
  );
});

test('a full bucket is said to hold what a call without an answer has made', async () => {
  const { world, cloud } = desk();
  cloud.make('uploads', 'stranger');
  const it = world();
  let calls = 0;
  const landed = () => cloud.alive('uploads').find(({ maker }) => maker === 'A');
  const create = (): Promise<CreateOutcome> => {
    calls += 1;
    if (calls === 1) return Promise.resolve({ outcome: 'unknown', reason: 'No answer.' });
    // The first call takes effect only now.
    cloud.make('uploads', 'A');
    return Promise.resolve({ outcome: 'refused', reason: 'Two keys already.', throttled: false });
  };
  const error = await failure(issueKey(ORDER, { ...it, keys: { ...it.keys, create } }));
  expect(calls).toBe(2);
  expect(error.summary).toBe(
    `Creating a key on bucket uploads got no answer, and key ${landed()?.id ?? ''} has appeared since`,
  );
  expect(error.detail).toContain('A later call was refused: Two keys already.');
});

test('a second stack is refused where a state holds the key, and is told whose it is', async () => {
  const { world, cloud } = desk();
  const first = world();
  const { key } = await issueKey(ORDER, first);
  await confirm(first, key.id);
  const error = await failure(issueKey(ORDER, world()));
  expect(error.summary).toBe(`the store already holds key ${key.id} of bucket uploads`);
  expect(error.detail).toContain(`\n  terraform import ADDRESS uploads,${key.id}`);
  expect(cloud.keys).toHaveLength(1);
});

test('a pair that a dead run has delivered is adopted, and no second key is made', async () => {
  const { world, deadWorld, cloud, said } = desk();
  const { key } = await issueKey(ORDER, deadWorld());
  expect((await issueKey(ORDER, world())).key.id).toBe(key.id);
  expect(cloud.keys).toHaveLength(1);
  expect(said()).toContain(`Key ${key.id} of bucket uploads was taken over from a run that died`);
});

test('a run that still goes on is not disturbed', async () => {
  const { world } = desk();
  const { key } = await issueKey(ORDER, world());
  const error = await failure(issueKey(ORDER, world()));
  expect(error.summary).toContain(key.id);
  expect(error.detail).toContain('may still be in progress');
});

test('content of somebody else is never overwritten', async () => {
  const { world, store, cloud } = desk({ foreign: true });
  store.current = { id: null, secret: 'theirs' };
  const error = await failure(issueKey(ORDER, world()));
  expect(error.summary).toBe(
    'the store holds something that this provider did not write, so no key of bucket uploads can go there',
  );
  expect([store.current.secret, cloud.keys]).toEqual(['theirs', []]);
});

test('a key that S3 does not accept in time is deleted again, and the error says so', async () => {
  const { world, cloud, store } = desk({ s3: 'never' });
  const error = await failure(issueKey(ORDER, world()));
  expect(error.summary).toMatch(
    /^S3 did not accept the key within 10 s; key \S+ of bucket uploads was deleted again$/,
  );
  expect([cloud.alive('uploads'), store.current, store.pending.size]).toEqual([[], null, 0]);
  expect(error.remains).toBeNull();
});

test('a key that cannot be withdrawn is handed back, so that the state can keep it', async () => {
  const { world, cloud } = desk({ s3: 'never' });
  const broken = world();
  const keys = { ...broken.keys, delete: () => Promise.reject(new Error('Not now.')) };
  const error = await failure(issueKey(ORDER, { ...broken, keys }));
  expect(error.remains?.id).toBe(cloud.keys[0]?.id);
  expect(error.summary).toContain('could not be deleted');
});

test('an answer that was lost is looked for, and what appeared is named and left alone', async () => {
  const { world, cloud } = desk({}, new Map([[5, 'lost-done']]));
  const error = await failure(issueKey(ORDER, world()));
  expect(error.summary).toBe(
    `Creating a key on bucket uploads got no answer, and key ${cloud.keys[0]?.id ?? ''} has appeared since`,
  );
  expect(cloud.alive('uploads')).toHaveLength(1);
});

test('with exclusive what appeared is deleted, and a key is made', async () => {
  const { world, cloud } = desk({ exclusive: true }, new Map([[5, 'lost-done']]));
  const { key } = await issueKey({ ...ORDER, exclusive: true }, world());
  expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([key.id]);
  expect(cloud.keys).toHaveLength(2);
});

test('a throttled create is sent again after a pause', async () => {
  const { world, cloud } = desk({}, new Map([[5, 'throttled']]));
  await issueKey(ORDER, world());
  expect(cloud.keys).toHaveLength(1);
});

describe('While AWS says that it will be ready in some minutes', () => {
  const reason = 'Please try again in a few minutes.';
  const notReady = (isReady: (trial: number) => boolean) => {
    const { world, cloud, store } = desk();
    const here = world();
    let trials = 0;
    const create: typeof here.keys.create = () => {
      trials += 1;
      if (isReady(trials)) return here.keys.create();
      return Promise.resolve({ outcome: 'refused', reason, throttled: false, isNotReady: true });
    };
    return { context: { ...here, keys: { ...here.keys, create } }, cloud, store, trials: () => trials };
  };

  test('a create is sent again with a new baseline and a new lease', async () => {
    const { context, cloud, store } = notReady((trial) => trial > 6);
    const began = cloud.now;
    const { key } = await issueKey(ORDER, context);
    expect(cloud.now - began).toBeGreaterThan(120_000);
    expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([key.id]);
    expect(store.current?.id).toBe(key.id);
  });

  test('what has come to the bucket since it was refused is named', async () => {
    const { world, cloud, said } = desk();
    cloud.make('uploads', 'stranger');
    const here = world();
    const made: string[] = [];
    const create: typeof here.keys.create = () => {
      if (made.length > 0) return here.keys.create();
      // The stranger's makes room for it.
      for (const key of cloud.keys) key.alive = false;
      made.push(cloud.make('uploads', 'A')?.id ?? '');
      return Promise.resolve({ outcome: 'refused', reason, throttled: false, isNotReady: true });
    };
    const { key } = await issueKey(ORDER, { ...here, keys: { ...here.keys, create } });
    expect(key.id).not.toBe(made[0]);
    expect(said()).toContain(`Bucket uploads already holds key ${made[0] ?? ''}`);
  });

  test('it is refused after five minutes, and nothing is left behind', async () => {
    const { context, cloud, store, trials } = notReady(() => false);
    const began = cloud.now;
    const error = await failure(issueKey(ORDER, context));
    expect(error.detail).toContain(reason);
    expect(cloud.now - began).toBeLessThanOrEqual(310_000);
    expect(trials()).toBeGreaterThan(5);
    expect([cloud.keys, store.readJournal().entry]).toEqual([[], null]);
  });
});

test('after the user’s Ctrl-C no key is made', async () => {
  const { world, cloud } = desk({}, new Map([[4, 'abort']]));
  const error = await failure(issueKey(ORDER, world()));
  expect(error.summary).toBe('Stopped before a key was made on bucket uploads');
  expect(cloud.keys).toEqual([]);
});

test('of a key that S3 does not accept it is said who answered what, and what the way out is', async () => {
  const { world, cloud, store } = desk();
  const first = world();
  const answers: string[] = [];
  const s3 = {
    accepts: () => {
      answers.push('asked');
      const reason =
        's3.example answered ListObjectsV2 with HTTP 200, which is not an answer of S3 (server nginx).';
      return Promise.resolve({ state: 'not-yet', reason } as const);
    },
  };
  const error = await failure(issueKey(ORDER, { ...first, s3 }));
  expect(error.summary).toMatch(
    /^S3 did not accept the key within \d+ s; key AKIA\w+ of bucket uploads was deleted again$/,
  );
  expect(error.detail).toContain(
    '(server nginx). Nothing of it remains; a pair that was delivered before stays.',
  );
  expect(error.detail).toContain('set verify = false');
  expect(answers.length).toBeGreaterThan(10);
  expect([cloud.alive('uploads'), store.current]).toEqual([[], null]);
});

test('a run whose lease is over does not promote', async () => {
  const { world, cloud, store } = desk();
  const slow = world();
  const accepts: typeof slow.s3.accepts = (pair) => {
    cloud.pass(600_000, 0);
    return slow.s3.accepts(pair);
  };
  const error = await failure(issueKey(ORDER, { ...slow, s3: { accepts } }));
  expect(error.summary).toContain('lease expired');
  expect([cloud.alive('uploads'), store.current]).toEqual([[], null]);
});

test('where the journal cannot be written nothing is made', async () => {
  const { world, cloud } = desk({}, new Map([[4, 'fail-before']]));
  const error = await failure(issueKey(ORDER, world()));
  expect(error.summary).toContain('the store cannot be written, so no key was made');
  expect(cloud.keys).toEqual([]);
});

test('what a journal looks out for on another bucket makes no key of this one a suspect', async () => {
  const { world, cloud } = desk();
  const first = world();
  const stranger = cloud.make('uploads', 'stranger');
  const { asOf } = await first.keys.list();
  const journal = first.destination.journal;
  const at = asOf.toISOString();
  const until = new Date(asOf.getTime() + 600_000).toISOString();
  await journal?.write(
    {
      phase: 'confirmed',
      bucket: 'archive',
      accessKeyId: 'AKIAGONE',
      holder: first.runs.self,
      at,
      expiresAt: at,
      lateWindow: { baseline: [], since: at, until },
    },
    (await journal.read()).revision,
  );
  const { key } = await issueKey({ ...ORDER, exclusive: true }, world());
  expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([stranger?.id, key.id]);
});
