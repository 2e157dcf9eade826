import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import type { Intent, Mark } from '../../../src/lifecycle/journal/entry.js';
import { keyIn, newPair, Workbench } from '../../support/secrets-manager/workbench.js';

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());
afterEach(() => {
  bench.proxy.faults.clear();
});

const holder = { machine: 'm', pid: 1, started: 's', host: 'h', folder: '/f', workspace: 'w' };

function intent(nonce: string): Intent {
  return {
    phase: 'intent',
    nonce,
    bucket: 'uploads',
    baseline: [],
    holder,
    begunAt: '2026-01-01T00:00:00Z',
    expiresAt: '2026-01-01T00:05:00Z',
  };
}

function mark(accessKeyId: string): Mark {
  const at = '2026-01-01T00:00:00Z';
  return { phase: 'unconfirmed', bucket: 'uploads', accessKeyId, holder, at, expiresAt: at };
}

test('An empty secret has an empty journal, and reading it changes nothing.', async () => {
  const secret = await bench.newSecret();
  bench.proxy.takeCalls();
  expect(await bench.destination(secret.name).journal.read()).toEqual({ entry: null, revision: '0' });
  expect(bench.proxy.takeCalls().map(({ action }) => action)).toEqual(['DescribeSecret']);
});

test('The first entry is not what consumers of an empty secret read.', async () => {
  const secret = await bench.newSecret();
  const { journal } = bench.destination(secret.name);
  await journal.write(intent('a'), '0');
  expect(JSON.parse((await bench.consumed(secret.arn)) ?? '')).toMatchObject({ empty: true });
  expect(bench.proxy.everCurrent(secret.arn)).toHaveLength(1);
});

test('The first entry leaves a value alone that is there already.', async () => {
  const secret = await bench.newSecret('theirs');
  await bench.destination(secret.name).journal.write(intent('a'), '0');
  expect(await bench.consumed(secret.arn)).toBe('theirs');
});

test('What is written is read, by anybody.', async () => {
  const secret = await bench.newSecret();
  const { journal } = bench.destination(secret.name);
  const first = await journal.write(intent('a'), '0');
  expect(first?.entry).toEqual(intent('a'));
  expect(await bench.destination(secret.arn).journal.read()).toEqual(first);
  const second = await journal.write(mark('AKIA1'), first?.revision ?? '');
  expect(await journal.read()).toEqual(second);
  const emptied = await journal.write(null, second?.revision ?? '');
  expect(await journal.read()).toEqual(emptied);
  expect(emptied).toMatchObject({ entry: null });
  expect(await journal.write(intent('b'), emptied?.revision ?? '')).toMatchObject({ entry: intent('b') });
});

test('An entry is written once for each revision, also when its content is the same.', async () => {
  const secret = await bench.newSecret();
  const { journal } = bench.destination(secret.name);
  const first = await journal.write(mark('AKIA1'), '0');
  expect(await journal.write(mark('AKIA1'), '0')).toBeNull();
  expect(await journal.write(mark('AKIA2'), first?.revision ?? '')).not.toBeNull();
  expect(await journal.write(mark('AKIA3'), first?.revision ?? '')).toBeNull();
  expect((await journal.read()).entry).toEqual(mark('AKIA2'));
});

test.each([0, 1])('Of twenty writers that follow %d entries one wins.', async (entries) => {
  const secret = await bench.newSecret();
  if (entries > 0) await bench.destination(secret.name).journal.write(mark('AKIA0'), '0');
  const writers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const { journal } = bench.destination(secret.name);
      const { revision } = await journal.read();
      return { journal, revision, entry: intent(String(index)) };
    }),
  );
  const written = await Promise.all(
    writers.map(({ journal, revision, entry }) => journal.write(entry, revision)),
  );
  const winners = written.filter((reading) => reading !== null);
  expect(winners).toHaveLength(1);
  expect(await bench.destination(secret.name).journal.read()).toEqual(winners[0]);
});

test('A write whose answer is lost is done once, and its writer has won.', async () => {
  const secret = await bench.newSecret();
  const { journal } = bench.destination(secret.name);
  const first = await journal.write(intent('a'), '0');
  bench.proxy.faults.plan('PutSecretValue', { kind: 'drop', when: 'after' }, 1);
  const second = await journal.write(intent('b'), first?.revision ?? '');
  expect(second).toMatchObject({ entry: intent('b') });
  expect(await journal.read()).toEqual(second);
});

test('No entry holds a secret, and no call reads anything but the journal.', async () => {
  const secret = await bench.newSecret();
  const destination = bench.destination(secret.name);
  const pair = newPair();
  bench.proxy.takeCalls();
  const first = await destination.journal.write(intent('a'), '0');
  await destination.stage(pair);
  await destination.promote(pair.accessKeyId);
  await destination.journal.write(mark(pair.accessKeyId), first?.revision ?? '');
  await destination.read();
  expect(await destination.remove(pair.accessKeyId)).toBe('removed');
  const calls = bench.proxy.takeCalls();
  for (const { action, body } of calls.filter((call) => call.action === 'GetSecretValue')) {
    expect([action, body.VersionStage, body.VersionId]).toEqual([action, 'LIGHTSAIL_JOURNAL', undefined]);
  }
  const withSecret = calls.filter(({ body }) => JSON.stringify(body).includes(pair.secretAccessKey.reveal()));
  expect(withSecret.map(({ body }) => body.VersionStages)).toEqual([['LIGHTSAIL_PENDING']]);
});

test('Removing a pair ends its entry, and no other one.', async () => {
  const secret = await bench.newSecret();
  const destination = bench.destination(secret.name);
  const [old, next] = [newPair().accessKeyId, newPair().accessKeyId];
  const first = await destination.journal.write(mark(next), '0');
  await destination.remove(old);
  expect((await destination.journal.read()).entry).toEqual(mark(next));
  await destination.remove(next);
  expect((await destination.journal.read()).entry).toBeNull();
  const { revision } = await destination.journal.read();
  expect(revision > (first?.revision ?? '')).toBe(true);
  await destination.journal.write({ ...intent('a'), made: next }, revision);
  await destination.remove(next);
  expect((await destination.journal.read()).entry).toMatchObject({ phase: 'intent' });
});

describe('A journal without its label', () => {
  test('is an error with a remedy, not another run that was first.', async () => {
    const secret = await bench.newSecret();
    const { journal } = bench.destination(secret.name);
    const first = await journal.write(intent('a'), '0');
    await bench.owner.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secret.arn,
        VersionStage: 'LIGHTSAIL_JOURNAL',
        RemoveFromVersionId: first?.revision,
      }),
    );
    expect((await journal.read()).revision).toBe('0');
    await expect(journal.write(intent('b'), '0')).rejects.toMatchObject({
      message: expect.stringContaining('was taken off its newest entry') as string,
      commands: [
        expect.stringContaining('list-secret-version-ids'),
        expect.stringContaining('update-secret-version-stage'),
      ] as string[],
    });
  });

  test('on something else, is an error that does not quote it.', async () => {
    const secret = await bench.newSecret('{"password": "theirs');
    const { AWSCURRENT } = await bench.labels(secret.arn);
    await bench.owner.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secret.arn,
        VersionStage: 'LIGHTSAIL_JOURNAL',
        MoveToVersionId: AWSCURRENT,
      }),
    );
    const error: unknown = await bench
      .destination(secret.name)
      .journal.read()
      .catch((reason: unknown) => reason);
    expect(String(error)).toContain('which is not an entry');
    expect(String(error)).not.toContain('theirs');
  });
});

describe('Where the journal may not', () => {
  test('be read, the error says that no right to read the pair is needed.', async () => {
    const secret = await bench.newSecret();
    const { journal } = bench.destination(secret.name);
    await journal.write(intent('a'), '0');
    bench.proxy.faults.plan('GetSecretValue', { kind: 'refuse', error: 'AccessDeniedException' });
    await expect(journal.read()).rejects.toMatchObject({
      message: expect.stringContaining('secretsmanager:GetSecretValue') as string,
      remedy: expect.stringContaining('secretsmanager:VersionStage = LIGHTSAIL_JOURNAL') as string,
    });
  });

  test('be decrypted, the error is about the KMS key: a plan-time error wherever there is a journal.', async () => {
    const secret = await bench.newSecret();
    const { journal } = bench.destination(secret.name);
    await journal.write(intent('a'), '0');
    bench.proxy.faults.plan('GetSecretValue', { kind: 'refuse', error: 'DecryptionFailure' });
    await expect(journal.read()).rejects.toThrow(/The KMS key of secret/);
  });
});

test('Two first writers of an empty secret agree on what consumers read.', async () => {
  const secret = await bench.newSecret();
  const written = await Promise.all(
    ['a', 'b', 'c'].map((nonce) => bench.destination(secret.name).journal.write(intent(nonce), '0')),
  );
  expect(written.filter((reading) => reading !== null)).toHaveLength(1);
  expect(bench.proxy.everCurrent(secret.arn).map(keyIn)).toEqual([null]);
});
