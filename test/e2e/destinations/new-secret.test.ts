import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, type TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import { Emulator, TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { type Moto, startMoto } from '../../support/moto.js';
import { type Pair, useOnS3 } from '../../support/s3-consumer.js';
import { outputFolder, synthesizeInto } from '../../support/synthesis.js';
import { Terraform } from '../../support/terraform.js';

const BUCKET = 'uploads';
const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:role/uploader' },
      Action: 'secretsmanager:GetSecretValue',
      Resource: '*',
    },
  ],
};

/** A key whose secret goes into a new container with everything that one can have, and a service that reads it. */
function fill(stack: TerraformStack): void {
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
  const key = new BucketAccessKey(stack, 'uploads', {
    bucketName: BUCKET,
    secret: SecretDestination.newSecretsManagerSecret({
      name: 'ci/uploads',
      description: 'Uploads',
      createKmsKey: true,
      recoveryWindowInDays: 14,
      resourcePolicy: JSON.stringify(POLICY),
      tags: { team: 'ci' },
    }),
  });
  key.resource.overrideLogicalId('uploads');
  const task = new EcsTaskDefinition(stack, 'service', {
    family: 'uploader',
    containerDefinitions: Fn.jsonencode([
      {
        name: 'uploader',
        image: 'uploader',
        memory: 128,
        secrets: [
          { name: 'PAIR', valueFrom: key.secretReference },
          {
            name: 'AWS_SECRET_ACCESS_KEY',
            valueFrom: Fn.replace(key.secretReference, ':::', ':secretAccessKey::'),
          },
        ],
      },
    ]),
  });
  task.overrideLogicalId('service');
}

describe('A new secret with everything it can have', () => {
  let outdir: string;
  let emulator: Emulator;
  let moto: Moto;
  let client: SecretsManagerClient;
  let terraform: Terraform;
  const ends: (() => void | Promise<void>)[] = [];

  beforeAll(async () => {
    outdir = await outputFolder();
    ends.push(() => {
      rmSync(outdir, { recursive: true });
    });
    emulator = await Emulator.start({ buckets: [BUCKET] });
    ends.push(() => emulator.close());
    moto = await startMoto();
    ends.push(() => moto.stop());
    const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;
    client = new SecretsManagerClient({
      region: 'us-east-1',
      endpoint: moto.url,
      credentials: { accessKeyId, secretAccessKey },
    });
    ends.push(() => {
      client.destroy();
    });
    terraform = await Terraform.create({
      folder: synthesizeInto(outdir, fill),
      env: { ...emulator.env, AWS_ENDPOINT_URL: moto.url },
      awsProvider: true,
    });
    ends.push(() => terraform.cleanup());
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  /** The only resource of a type, from the state's file: `terraform show` starts the AWS provider for it. */
  function inState(type: string): Readonly<Record<string, unknown>> {
    const { resources } = JSON.parse(readFileSync(join(outdir, 'terraform.tfstate'), 'utf8')) as {
      resources: { type: string; instances: { attributes: Record<string, unknown> }[] }[];
    };
    const [instance] = resources.find((resource) => resource.type === type)?.instances ?? [];
    if (!instance) throw new Error(`There is no ${type} in the state.`);
    return instance.attributes;
  }

  /** What the containers of the service get, as ECS reads `ARN:JSON key:version stage:version ID`. */
  async function environment(): Promise<Record<string, string>> {
    const [container] = JSON.parse(String(inState('aws_ecs_task_definition').container_definitions)) as [
      { secrets: { name: string; valueFrom: string }[] },
    ];
    const values = container.secrets.map(async ({ name, valueFrom }) => {
      const parts = valueFrom.split(':');
      const [jsonKey, VersionStage, VersionId, ...more] = parts.slice(7);
      // ECS takes seven parts, or ten.
      expect([parts.length, more]).toEqual([10, []]);
      const { SecretString = '' } = await client.send(
        new GetSecretValueCommand({
          SecretId: parts.slice(0, 7).join(':'),
          ...(VersionStage && { VersionStage }),
          ...(VersionId && { VersionId }),
        }),
      );
      const value = jsonKey ? (JSON.parse(SecretString) as Record<string, string>)[jsonKey] : SecretString;
      return [name, value] as const;
    });
    return Object.fromEntries(await Promise.all(values)) as Record<string, string>;
  }

  it('has its KMS key, policy, description and tags, and is not replaced by the next plan', async () => {
    const secret = await client.send(new DescribeSecretCommand({ SecretId: 'ci/uploads' }));
    expect(secret).toMatchObject({ Description: 'Uploads', Tags: [{ Key: 'team', Value: 'ci' }] });
    expect(inState('aws_kms_key')).toMatchObject({
      arn: secret.KmsKeyId,
      enable_key_rotation: true,
      deletion_window_in_days: 14,
      tags: { team: 'ci' },
    });
    const { ResourcePolicy = '' } = await client.send(
      new GetResourcePolicyCommand({ SecretId: 'ci/uploads' }),
    );
    expect(JSON.parse(ResourcePolicy)).toEqual(POLICY);
    expect(await terraform.plan('-detailed-exitcode')).toMatchObject({ code: 0 });
  });

  it("gives a task definition what it needs to find the pair, whole or by a key of its JSON, and a new key's as well", async () => {
    const seen = new Set<string>();
    for (const next of ['the first', 'the second']) {
      if (next === 'the second') {
        const replace = '-replace=lightsail_bucket_access_key.uploads';
        await terraform.succeeds('apply', '-auto-approve', replace);
      }
      const { PAIR = '', AWS_SECRET_ACCESS_KEY } = await environment();
      const pair = JSON.parse(PAIR) as Pair;
      expect(emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId)).toEqual([pair.accessKeyId]);
      expect(AWS_SECRET_ACCESS_KEY).toBe(pair.secretAccessKey);
      await useOnS3(emulator, BUCKET, pair);
      seen.add(pair.accessKeyId);
    }
    expect(seen.size).toBe(2);
  });

  it('can be recovered after a destroy for as many days as its author said', async () => {
    await terraform.succeeds('destroy', '-auto-approve');
    expect(emulator.keys(BUCKET)).toEqual([]);
    const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId: 'ci/uploads' }));
    expect(Math.round((Number(DeletedDate) - Date.now()) / 86_400_000)).toBe(14);
  });
});
