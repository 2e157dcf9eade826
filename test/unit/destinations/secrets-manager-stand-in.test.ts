import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { Workbench } from '../../support/secrets-manager/workbench.js';

/**
 * The stand-in answers as AWS's API reference says, also where moto does not: what the destination relies on is
 * shown by its own tests only as far as this holds.
 */
let bench: Workbench;
let secretId: string;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  secretId = (await bench.newSecret()).arn;
});

const token = (number: number) => `version-${String(number).padStart(24, '0')}`;

function put(number: number, value: string, ...labels: string[]) {
  return bench.owner.send(
    new PutSecretValueCommand({
      SecretId: secretId,
      ClientRequestToken: token(number),
      SecretString: value,
      ...(labels.length > 0 && { VersionStages: labels }),
    }),
  );
}

function move(label: string, from?: number, to?: number) {
  return bench.owner.send(
    new UpdateSecretVersionStageCommand({
      SecretId: secretId,
      VersionStage: label,
      RemoveFromVersionId: from === undefined ? undefined : token(from),
      MoveToVersionId: to === undefined ? undefined : token(to),
    }),
  );
}

test('The first version becomes the current one, whatever its labels.', async () => {
  await put(1, 'a', 'MINE');
  expect(await bench.labels(secretId)).toEqual({ MINE: token(1), AWSCURRENT: token(1) });
});

test('One token with one content changes nothing, not even labels; with another it is refused.', async () => {
  await put(1, 'a');
  await put(2, 'b');
  expect((await put(1, 'a')).VersionStages).toEqual(['AWSPREVIOUS']);
  expect(await bench.consumed(secretId)).toBe('b');
  await expect(put(1, 'c')).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('A label is on one version, and AWSPREVIOUS follows AWSCURRENT however it is moved.', async () => {
  await put(1, 'a');
  await put(2, 'b', 'MINE');
  await put(3, 'c', 'MINE');
  expect(await bench.labels(secretId)).toEqual({ AWSCURRENT: token(1), MINE: token(3) });
  await move('AWSCURRENT', 1, 3);
  expect(await bench.labels(secretId)).toEqual({
    AWSCURRENT: token(3),
    AWSPREVIOUS: token(1),
    MINE: token(3),
  });
  await put(4, 'd');
  expect(await bench.labels(secretId)).toEqual({
    AWSCURRENT: token(4),
    AWSPREVIOUS: token(3),
    MINE: token(3),
  });
  expect(await bench.consumed(secretId)).toBe('d');
});

test('A label is moved only from where it is, and AWSCURRENT is never taken away.', async () => {
  await put(1, 'a');
  await put(2, 'b', 'MINE');
  await put(3, 'c', 'OTHER');
  const refusal = { name: 'InvalidParameterException' };
  await expect(move('AWSCURRENT', 2, 3)).rejects.toMatchObject(refusal);
  await expect(move('AWSCURRENT', undefined, 2)).rejects.toMatchObject(refusal);
  await expect(move('MINE', undefined, 3)).rejects.toMatchObject(refusal);
  await expect(move('AWSCURRENT', 1)).rejects.toMatchObject(refusal);
  await move('MINE', 2);
  expect(await bench.labels(secretId)).toEqual({ AWSCURRENT: token(1), OTHER: token(3) });
});

test('A secret takes no version over its quota.', async () => {
  for (let number = 1; number <= 100; number++) await put(number, 'a', 'MINE');
  await expect(put(101, 'a', 'MINE')).rejects.toMatchObject({ name: 'LimitExceededException' });
});
