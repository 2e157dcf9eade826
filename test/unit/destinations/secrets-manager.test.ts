import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { PolicyDocument } from '../../../src/command/policy/document.js';
import { SecretsManagerDestination } from '../../../src/destinations/secrets-manager/store.js';
import { DestinationError } from '../../../src/lifecycle/destination.js';
import type { Fault } from '../../support/secrets-manager/faults.js';
import { keyIn, newPair, REGION, Workbench } from '../../support/secrets-manager/workbench.js';

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());
afterEach(() => {
  bench.proxy.faults.clear();
});

/** As a role has it that looks after all secrets. */
const SEE_ALL: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'SeeAll', Effect: 'Allow', Action: ['secretsmanager:DescribeSecret'], Resource: ['*'] }],
};

async function refusalOf(work: Promise<unknown>): Promise<DestinationError> {
  const error: unknown = await work.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DestinationError);
  return error as DestinationError;
}

describe.each(['name', 'arn'] as const)('a secret by its %s', (by) => {
  test('takes a first pair: nothing is to be seen of it before it is promoted', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret[by]);
    const pair = newPair();
    await destination.check();
    expect(await destination.read()).toEqual({ current: null });

    await destination.stage(pair);
    expect(keyIn(await bench.consumed(secret.arn))).toBeNull();
    expect(await destination.read()).toEqual({ current: null });

    const delivery = await destination.promote(pair.accessKeyId);
    expect(JSON.parse((await bench.consumed(secret.arn)) ?? '')).toMatchObject({
      accessKeyId: pair.accessKeyId,
      secretAccessKey: pair.secretAccessKey.reveal(),
      bucketName: 'uploads',
    });
    expect(delivery).toEqual({
      reference: `${secret.arn}:::lightsail-access-key-${pair.accessKeyId}`,
      secret: null,
    });
    expect(await destination.read()).toEqual({ current: { accessKeyId: pair.accessKeyId } });
    expect(destination.reference).toBe(delivery.reference);
  });

  test('takes a second pair in one step, and keeps the first as the previous version', async () => {
    const secret = await bench.newSecret();
    const [first, second] = [newPair(), newPair()];
    const destination = bench.destination(secret[by]);
    await deliver(destination, first);
    await deliver(destination, second);
    expect(await destination.read()).toEqual({ current: { accessKeyId: second.accessKeyId } });
    expect(keyIn(await bench.consumed(secret.arn, 'AWSPREVIOUS'))).toBe(first.accessKeyId);
    expect(bench.proxy.everCurrent(secret.arn).map(keyIn)).toEqual([
      null,
      first.accessKeyId,
      second.accessKeyId,
    ]);
  });
});

async function deliver(destination: SecretsManagerDestination, pair = newPair()): Promise<string> {
  await destination.stage(pair);
  await destination.promote(pair.accessKeyId);
  return pair.accessKeyId;
}

describe('each step', () => {
  test('may be repeated', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const pair = newPair();
    await destination.stage(pair);
    await destination.stage(pair);
    const first = await destination.promote(pair.accessKeyId);
    expect(await destination.promote(pair.accessKeyId)).toEqual(first);
    await destination.stage(pair);
    expect(await bench.destination(secret.name).promote(pair.accessKeyId)).toEqual(first);
    expect(await destination.remove(pair.accessKeyId)).toBe('removed');
    expect(await destination.remove(pair.accessKeyId)).toBe('absent');
    await destination.discard(pair.accessKeyId);
  });

  test('can be repeated by the SDK when its answer is lost', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const lost: Fault = { kind: 'drop', when: 'after' };
    const pair = newPair();
    // The empty version, then the pair.
    bench.proxy.faults.plan('PutSecretValue', lost, 1);
    await destination.stage(pair);
    bench.proxy.faults.plan('UpdateSecretVersionStage', lost, 1);
    await destination.promote(pair.accessKeyId);
    expect(keyIn(await bench.consumed(secret.arn))).toBe(pair.accessKeyId);
    bench.proxy.faults.plan('UpdateSecretVersionStage', lost, 1);
    expect(await destination.remove(pair.accessKeyId)).toBe('removed');
    expect(Object.values(await bench.labels(secret.arn))).not.toContain(
      `lightsail-access-key-${pair.accessKeyId}`,
    );
  });

  test('outlasts throttling', async () => {
    const secret = await bench.newSecret();
    for (const action of ['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage']) {
      bench.proxy.faults.plan(action, { kind: 'refuse', error: 'ThrottlingException' }, 1);
    }
    const key = await deliver(bench.destination(secret.name));
    expect(keyIn(await bench.consumed(secret.arn))).toBe(key);
  });
});

describe('a pending pair', () => {
  test('is rolled back without a trace for consumers, and can be staged again', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const before = await deliver(destination);
    const pair = newPair();
    await destination.stage(pair);
    await destination.discard(pair.accessKeyId);
    expect(await destination.read()).toEqual({ current: { accessKeyId: before } });
    await expect(destination.promote(pair.accessKeyId)).rejects.toThrow(/by another writer/);
    await destination.stage(pair);
    await destination.promote(pair.accessKeyId);
    expect(keyIn(await bench.consumed(secret.arn))).toBe(pair.accessKeyId);
  });

  test('is not the one that is rolled back for another key', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const pair = newPair();
    await destination.stage(pair);
    await destination.discard(newPair().accessKeyId);
    const { LIGHTSAIL_PENDING: pending } = await bench.labels(secret.arn);
    expect(pending).toBe(`lightsail-access-key-${pair.accessKeyId}`);
  });

  test('is promoted although AWS shows for a moment what was before', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const pair = newPair();
    await destination.stage(pair);
    const { AWSCURRENT = '' } = await bench.labels(secret.arn);
    const before = [{}, { VersionIdsToStages: { [AWSCURRENT]: ['AWSCURRENT', 'LIGHTSAIL_EMPTY'] } }];
    for (const versions of before) {
      const body = { ARN: secret.arn, Name: secret.name, ...versions };
      bench.proxy.faults.plan('DescribeSecret', { kind: 'answer', body }, 1);
    }
    await destination.promote(pair.accessKeyId);
    expect(keyIn(await bench.consumed(secret.arn))).toBe(pair.accessKeyId);
  });

  test('is not promoted any more when another run has staged its own', async () => {
    const secret = await bench.newSecret();
    const [one, other] = [bench.destination(secret.name), bench.destination(secret.name)];
    const [mine, theirs] = [newPair(), newPair()];
    await one.stage(mine);
    await other.stage(theirs);
    await expect(one.promote(mine.accessKeyId)).rejects.toThrow(/by another writer/);
    await other.promote(theirs.accessKeyId);
    expect(keyIn(await bench.consumed(secret.arn))).toBe(theirs.accessKeyId);
  });

  test('cannot be read back: the role that writes it may not read it', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const pair = newPair();
    await destination.stage(pair);
    expect(await destination.staged()).toBeNull();
  });
});

describe("somebody else's value", () => {
  test('is told apart from a pair, and stays as the previous version', async () => {
    const secret = await bench.newSecret('theirs');
    const destination = bench.destination(secret.name);
    expect(await destination.read()).toEqual({ current: { accessKeyId: null } });
    expect(destination.keepsVersions).toBe(true);
    const pair = newPair();
    await destination.stage(pair);
    expect(await bench.consumed(secret.arn)).toBe('theirs');
    await destination.promote(pair.accessKeyId);
    expect(await bench.consumed(secret.arn, 'AWSPREVIOUS')).toBe('theirs');
  });

  test('that appears after the situation was judged is not replaced', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    await deliver(destination);
    await destination.read();
    const pair = newPair();
    await destination.stage(pair);
    await bench.overwrite(secret.arn, 'theirs');
    await expect(destination.promote(pair.accessKeyId)).rejects.toThrow(/by another writer/);
    expect(await bench.consumed(secret.arn)).toBe('theirs');
  });

  test('that appears between the look and the promotion is not replaced', async () => {
    const secret = await bench.newSecret();
    const key = await deliver(bench.destination(secret.name));
    const destination = bench.destination(secret.name);
    await destination.read();
    const pair = newPair();
    await destination.stage(pair);
    interruptMove(secret.arn);
    await expect(destination.promote(pair.accessKeyId)).rejects.toThrow(/by another writer/);
    expect(await bench.consumed(secret.arn)).toBe('theirs');
    expect(keyIn(await bench.consumed(secret.arn, 'AWSPREVIOUS'))).toBe(key);
  });

  test('is not removed with the pair that was there before', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const key = await deliver(destination);
    await bench.overwrite(secret.arn, 'theirs');
    expect(await destination.remove(key)).toBe('not-ours');
    expect(await bench.consumed(secret.arn)).toBe('theirs');
    expect(await bench.consumed(secret.arn, 'AWSPREVIOUS')).toBeNull();
  });

  test('that appears while the pair is removed is not removed with it', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const key = await deliver(destination);
    interruptMove(secret.arn);
    expect(await destination.remove(key)).toBe('not-ours');
    expect(await bench.consumed(secret.arn)).toBe('theirs');
  });
});

/** Somebody changes the secret just before its next label is moved. */
function interruptMove(secretId: string): void {
  const happens = () => bench.overwrite(secretId, 'theirs');
  bench.proxy.faults.plan('UpdateSecretVersionStage', { kind: 'meanwhile', happens }, 1);
}

describe('removing', () => {
  test('leaves an empty value that consumers can tell from a pair, and no label on the dead one', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const key = await deliver(destination);
    expect(await destination.remove(key)).toBe('removed');
    expect(JSON.parse((await bench.consumed(secret.arn)) ?? '')).toMatchObject({ empty: true });
    expect(await bench.labels(secret.arn)).toEqual({
      AWSCURRENT: 'lightsail-empty-0000000000000001',
      LIGHTSAIL_EMPTY: 'lightsail-empty-0000000000000001',
    });
    expect(await destination.read()).toEqual({ current: null });

    const next = await deliver(destination);
    expect(keyIn(await bench.consumed(secret.arn))).toBe(next);
  });

  test('leaves the successor alone', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const old = await deliver(destination);
    const next = await deliver(destination);
    expect(await destination.remove(old)).toBe('not-ours');
    expect(keyIn(await bench.consumed(secret.arn))).toBe(next);
    expect(await bench.consumed(secret.arn, 'AWSPREVIOUS')).toBeNull();
  });

  test('is done where the secret is gone, or going to be', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.arn);
    const key = await deliver(destination);
    await bench.owner.send(new DeleteSecretCommand({ SecretId: secret.arn }));
    expect(await destination.remove(key)).toBe('absent');
    expect(await destination.read()).toEqual({ current: null });
    await bench.owner.send(
      new DeleteSecretCommand({ SecretId: secret.arn, ForceDeleteWithoutRecovery: true }),
    );
    expect(await destination.remove(key)).toBe('absent');
    expect(await destination.read()).toEqual({ current: null });
    await destination.discard(key);
  });
});

describe('the check at plan', () => {
  test('changes nothing', async () => {
    const secret = await bench.newSecret();
    bench.proxy.takeCalls();
    await bench.destination(secret.name).check();
    expect(bench.proxy.takeCalls().map(({ action }) => action)).toEqual(['DescribeSecret']);
  });

  describe('refuses a secret that is not there, and tells how to make one in the same apply:', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:nowhere-AbCdEf';

    test('by its ARN', async () => {
      const error = await refusalOf(bench.destination(arn).check());
      expect(error.message).toBe(`There is no secret ${arn} in eu-west-1.`);
      expect(error.remedy).toContain('aws_secretsmanager_secret.NAME.id');
    });

    test('by its name, where the run may see all secrets', async () => {
      const detach = bench.iam.attach(SEE_ALL);
      try {
        const error = await refusalOf(bench.destination('nowhere').check());
        expect(error.message).toBe('There is no secret nowhere in eu-west-1.');
        expect(error.remedy).toContain('aws_secretsmanager_secret.NAME.id');
      } finally {
        detach();
      }
    });

    test('by its name, where the policy is for that secret alone and AWS just denies', async () => {
      const destination = bench.destination('nowhere');
      for (const work of [destination.check(), destination.stage(newPair())]) {
        const error = await refusalOf(work);
        expect(error.message).toContain('There is most likely no secret nowhere in eu-west-1');
        expect(error.message).toContain('secretsmanager:DescribeSecret on resource: nowhere because');
        expect(error.remedy).toContain('aws_secretsmanager_secret.NAME.id');
        expect(error.remedy).toContain('lightsail-access-key policy');
      }
      // Whether the pair is gone is not known, so removing it is not done.
      await refusalOf(destination.remove(newPair().accessKeyId));
    });
  });

  test('does not take a secret for missing on which the right is missing', async () => {
    const { name, arn } = await bench.newSecret();
    const destination = new SecretsManagerDestination(bench.access(), { secretId: name, format: 'sdk' });
    const error = await refusalOf(destination.check());
    expect(error.message).toContain(`This run may not call secretsmanager:DescribeSecret on secret ${name}`);
    expect(error.message).toContain(arn);
  });

  test('refuses a secret that is scheduled for deletion', async () => {
    const secret = await bench.newSecret();
    await bench.owner.send(new DeleteSecretCommand({ SecretId: secret.arn }));
    const error = await refusalOf(bench.destination(secret.name).check());
    expect(error.message).toContain('scheduled for deletion');
    expect(error.remedy).toContain(
      `aws secretsmanager restore-secret --region eu-west-1 --secret-id ${secret.name}`,
    );
    const destination = bench.destination(secret.name);
    expect((await refusalOf(destination.stage(newPair()))).message).toContain('scheduled for deletion');
    expect((await refusalOf(destination.journal.write(null, '0'))).message).toContain(
      'scheduled for deletion',
    );
  });

  test('refuses an ARN of another region without a call', async () => {
    bench.proxy.takeCalls();
    const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:there-AbCdEf';
    const elsewhere = new SecretsManagerDestination(bench.access(), { secretId: arn, format: 'sdk' });
    const error = await refusalOf(elsewhere.check());
    expect(error.message).toContain('is in us-east-1, and this provider works in eu-west-1');
    expect(bench.proxy.takeCalls()).toEqual([]);
  });

  test('refuses a secret that somebody else rotates', async () => {
    const secret = await bench.newSecret('theirs');
    await bench.owner.send(
      new RotateSecretCommand({
        SecretId: secret.arn,
        RotationRules: { AutomaticallyAfterDays: 30 },
        RotateImmediately: false,
      }),
    );
    expect((await refusalOf(bench.destination(secret.name).check())).message).toContain('is rotated');
  });
});

describe('the check of a secret that cannot be written', () => {
  test('refuses a replica, naming the region of its primary', async () => {
    const name = `replica-${randomUUID()}`;
    const primary = bench.ownerIn('us-east-1');
    await primary.send(new CreateSecretCommand({ Name: name, AddReplicaRegions: [{ Region: REGION }] }));
    primary.destroy();
    const error = await refusalOf(bench.destination(name).check());
    expect(error.message).toContain('is a replica, which cannot be written; its primary is in us-east-1');
  });

  test("refuses a service's own secret", async () => {
    const name = `rds-${randomUUID()}`;
    const Tags = [{ Key: 'aws:secretsmanager:owningService', Value: 'rds' }];
    await bench.owner.send(new CreateSecretCommand({ Name: name, Tags }));
    expect((await refusalOf(bench.destination(name).check())).message).toContain(
      'managed by the service rds',
    );
  });
});

describe('a KMS key that refuses', () => {
  const spoilt = {
    'is disabled': (key: string) => bench.kms.disable(key),
    'is going to be deleted': (key: string) => bench.kms.scheduleDeletion(key),
  };

  test.each(Object.entries(spoilt))(
    'is named at the check of a secret never written: it %s',
    async (what, spoil) => {
      const key = await bench.kms.create();
      const secret = await bench.newSecret(undefined, key);
      bench.iam.grant('--destination', 'secrets-manager', '--secret-id', secret.name, '--kms-key', key);
      await spoil(key);
      const destination = bench.destination(secret.name);
      const refusal = await refusalOf(destination.check());
      expect(refusal.message).toBe(
        `Secret ${secret.name} in eu-west-1 is encrypted with KMS key ${key}, which ${what}.`,
      );
      expect(refusal.remedy).toContain('choose another key');
      // Where nobody could ask KMS, the first write tells it: before any key is made.
      const atApply = await refusalOf(destination.journal.write(null, '0'));
      expect(atApply.message).toContain(
        `The KMS key of secret ${secret.name} refuses PutSecretValue: the key ${what}`,
      );
    },
  );

  test('is named by the journal that cannot be read any more', async () => {
    const key = await bench.kms.create();
    const secret = await bench.newSecret(undefined, key);
    bench.iam.grant('--destination', 'secrets-manager', '--secret-id', secret.name, '--kms-key', key);
    const destination = bench.destination(secret.name);
    await destination.check();
    await destination.journal.write(null, '0');
    await bench.kms.disable(key);
    const refusal = await refusalOf(destination.journal.read());
    expect(refusal.message).toContain('refuses GetSecretValue: the key is disabled');
    expect(refusal.remedy).toContain('kms:GenerateDataKey and kms:Decrypt');
  });

  test('that is not there is named, and the right to use one is not asked for twice', async () => {
    const secret = await bench.newSecret(undefined, 'alias/nowhere');
    const refusal = await refusalOf(bench.destination(secret.name).check());
    expect(refusal.message).toContain('which does not exist in eu-west-1');
    expect(refusal.remedy).toContain('aws_kms_key.NAME.arn');
    const denied = await bench.newSecret(undefined, await bench.kms.create());
    const destination = bench.destination(denied.name);
    await destination.check();
    const words = await refusalOf(destination.journal.write(null, '0'));
    expect(words.message).toContain(`The KMS key of secret ${denied.name} refuses PutSecretValue`);
  });
});

describe('a refusal', () => {
  test.each(['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage'])(
    'of %s names the action to allow, and the pair is not current',
    async (action) => {
      const secret = await bench.newSecret();
      const destination = bench.destination(secret.name);
      const before = await deliver(destination);
      const message = `User: arn:aws:iam::123456789012:role/r is not authorized to perform: secretsmanager:${action}`;
      bench.proxy.faults.plan(action, { kind: 'refuse', error: 'AccessDeniedException', message });
      const error = await refusalOf(deliver(destination));
      expect(error.message).toBe(
        `This run may not call secretsmanager:${action} on secret ${secret.name}: ${message}.`,
      );
      expect(error.remedy).toContain(`Allow secretsmanager:${action}`);
      expect(keyIn(await bench.consumed(secret.arn))).toBe(before);
    },
  );

  test.each([
    ['EncryptionFailure', 'Secrets Manager cannot encrypt.'],
    ['AccessDeniedException', 'Access to KMS is not allowed'],
  ])('of the KMS key (%s) says what to allow on it', async (error, message) => {
    const secret = await bench.newSecret();
    bench.proxy.faults.plan('PutSecretValue', { kind: 'refuse', error, message });
    const refusal = await refusalOf(bench.destination(secret.name).stage(newPair()));
    expect(refusal.message).toContain(`The KMS key of secret ${secret.name} refuses PutSecretValue`);
    expect(refusal.remedy).toContain('kms:GenerateDataKey and kms:Decrypt');
  });

  test.each([
    ['ThrottlingException', /throttled PutSecretValue/],
    ['LimitExceededException', /reached a quota/],
    ['ExpiredTokenException', /does not accept the credentials/],
    ['InternalServiceError', /failed with InternalServiceError/],
  ])('called %s is said in words, and never with the value', async (error, words) => {
    const secret = await bench.newSecret();
    const pair = newPair();
    const value = pair.secretAccessKey.reveal();
    bench.proxy.faults.plan('PutSecretValue', { kind: 'refuse', error, message: `Value '${value}' failed.` });
    const once = bench.access(new NodeHttpHandler(), 1);
    const refusal = await refusalOf(bench.destination(secret.name, once).stage(pair));
    expect(refusal.message).toMatch(words);
    expect(`${refusal.message} ${refusal.remedy} ${refusal.stack ?? ''}`).not.toContain(value);
  });

  test('of a value that is too long leaves the current pair alone', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const before = await deliver(destination);
    const refusal = await refusalOf(destination.stage({ ...newPair(), bucket: 'b'.repeat(65_536) }));
    expect(refusal.message).toContain('PutSecretValue');
    expect((await destination.read()).current).toEqual({ accessKeyId: before });
  });

  test('by nobody: the service cannot be reached', async () => {
    const access = bench.access(new NodeHttpHandler(), 1, 'http://127.0.0.1:1');
    const refusal = await refusalOf(bench.destination('any', access).check());
    expect(refusal.message).toContain('gave no answer to DescribeSecret on secret any that could be used');
  });

  test('by a connection that breaks each time', async () => {
    const secret = await bench.newSecret();
    bench.proxy.faults.plan('DescribeSecret', { kind: 'drop', when: 'before' });
    expect((await refusalOf(bench.destination(secret.name).read())).message).toContain('gave no answer');
  });

  test('to take the pending label away does not undo what consumers have', async () => {
    const secret = await bench.newSecret();
    const destination = bench.destination(secret.name);
    const pair = newPair();
    await destination.stage(pair);
    // The next but one call: the first one makes the pair current.
    const labels = await bench.labels(secret.arn);
    await bench.owner.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secret.arn,
        VersionStage: 'AWSCURRENT',
        RemoveFromVersionId: labels.AWSCURRENT,
        MoveToVersionId: labels.LIGHTSAIL_PENDING,
      }),
    );
    bench.proxy.faults.plan('UpdateSecretVersionStage', { kind: 'refuse', error: 'AccessDeniedException' });
    expect((await destination.promote(pair.accessKeyId)).reference).toContain(pair.accessKeyId);
    expect(await destination.read()).toEqual({ current: { accessKeyId: pair.accessKeyId } });
  });
});
