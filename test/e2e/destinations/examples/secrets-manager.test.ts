import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { TEST_CREDENTIALS } from '../../../../src/emulator/index.js';
import { BUCKET, Example } from '../../../support/example.js';
import { startMoto } from '../../../support/moto.js';
import type { Pair } from '../../../support/s3-consumer.js';
import { exhibitsIn, removalContexts } from '../../canary/scan.js';

test('secrets-manager makes bucket, KMS key, secret and access key in one apply beside hashicorp/aws 5.100.0', async () => {
  const moto = await startMoto();
  const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;
  const client = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: moto.url,
    credentials: { accessKeyId, secretAccessKey },
  });
  const ends: (() => void | Promise<void>)[] = [
    () => {
      client.destroy();
    },
    () => moto.stop(),
  ];
  try {
    const env = { AWS_ENDPOINT_URL: moto.url };
    const example = await Example.open('secrets-manager', { env, awsProvider: true, buckets: [] });
    ends.push(() => example.close());
    expect(await example.apply()).toContain('4 added, 0 changed, 0 destroyed');
    expect(example.file('.terraform.lock.hcl')).toMatch(/hashicorp\/aws" \{\s+version += "5\.100\.0"/);

    // As a consumer that was handed the reference: ARN, JSON key, label and version.
    const reference = await example.output('secret-reference');
    const [, SecretId = '', VersionId = ''] = /^(.+):::([^:]+)$/.exec(reference) ?? [];
    const { SecretString = '', VersionStages } = await client.send(
      new GetSecretValueCommand({ SecretId, VersionId }),
    );
    expect(VersionStages).toContain('AWSCURRENT');
    const pair = JSON.parse(SecretString) as Pair;
    expect(example.keyIds()).toEqual([pair.accessKeyId]);
    expect(await example.output('access-key-id')).toBe(pair.accessKeyId);
    await example.use(pair);
    expect(removalContexts([pair.secretAccessKey], exhibitsIn(example.folder))).toEqual([]);

    const made = await client.send(new DescribeSecretCommand({ SecretId }));
    expect(made).toMatchObject({
      Name: expect.stringMatching(/^uploads-/) as string,
      KmsKeyId: expect.stringMatching(/^arn:aws:kms:us-east-1:\d+:key\//) as string,
    });
    expect(await example.planAgain()).toMatchObject({ code: 0 });
    expect(await example.destroy()).toEqual([]);
    expect(example.emulator.buckets).not.toContain(BUCKET);
    const gone = await client.send(new DescribeSecretCommand({ SecretId }));
    const days = (Number(gone.DeletedDate) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(7);
  } finally {
    for (const end of ends.reverse()) await end();
  }
});
