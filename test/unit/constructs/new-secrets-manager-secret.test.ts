import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, TerraformVariable, Testing, Token } from 'cdktf';
import {
  BucketAccessKey,
  type NewSecretsManagerSecretProps,
  SecretDestination,
} from '../../../src/constructs/index.js';
import { only, stackWith, type Synthesized, synthesize } from './stacks.js';

function synthesized(props?: NewSecretsManagerSecretProps): Synthesized['resource'] {
  return synthesize((stack) => {
    new AwsProvider(stack, 'aws');
    new BucketAccessKey(stack, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.newSecretsManagerSecret(props),
    });
  }).resource;
}

function failing(props: NewSecretsManagerSecretProps): () => void {
  return () =>
    Testing.fullSynth(
      stackWith((scope) => {
        new AwsProvider(scope, 'aws');
        const secret = SecretDestination.newSecretsManagerSecret(props);
        new BucketAccessKey(scope, 'uploads', { bucketName: 'uploads', secret });
      }),
    );
}

const secretId = expect.stringMatching(
  /^\$\{aws_secretsmanager_secret\.uploads_Secret_[^.]+\.id\}$/,
) as string;

test('a secret with thirty days of recovery is made, and the key refers to it', () => {
  const resource = synthesized();
  expect(only(resource.aws_secretsmanager_secret)).toEqual({ recovery_window_in_days: 30 });
  expect(only(resource.lightsail_bucket_access_key).secret).toEqual({
    secrets_manager: { secret_id: secretId },
  });
  expect(Object.keys(resource).sort()).toEqual(['aws_secretsmanager_secret', 'lightsail_bucket_access_key']);
});

test('every argument reaches the secret', () => {
  const resource = synthesized({
    name: 'ci/uploads',
    description: 'Uploads',
    kmsKeyId: 'alias/ci',
    recoveryWindowInDays: 0,
    tags: { team: 'ci' },
    format: 'env',
  });
  expect(only(resource.aws_secretsmanager_secret)).toEqual({
    name: 'ci/uploads',
    description: 'Uploads',
    kms_key_id: 'alias/ci',
    recovery_window_in_days: 0,
    tags: { team: 'ci' },
  });
  expect(only(resource.lightsail_bucket_access_key).secret).toEqual({
    secrets_manager: { secret_id: secretId, format: 'env' },
  });
});

test('a KMS key of its own encrypts the secret, rotates, and outlives it', () => {
  const resource = synthesized({
    namePrefix: 'ci-',
    createKmsKey: true,
    recoveryWindowInDays: 0,
    tags: { team: 'ci' },
  });
  expect(only(resource.aws_kms_key)).toEqual({
    description: 'The secret of the Lightsail bucket access key stack/uploads',
    enable_key_rotation: true,
    deletion_window_in_days: 7,
    tags: { team: 'ci' },
  });
  expect(only(resource.aws_secretsmanager_secret)).toMatchObject({
    name_prefix: 'ci-',
    kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\.uploads_KmsKey_[^.]+\.arn\}$/) as string,
  });
  expect(only(synthesized({ createKmsKey: true }).aws_kms_key)).toMatchObject({
    deletion_window_in_days: 30,
  });
});

test('a resource policy is attached before the secret comes, and no public one', () => {
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  const resource = synthesized({ resourcePolicy: policy });
  expect(only(resource.aws_secretsmanager_secret_policy)).toEqual({
    block_public_policy: true,
    policy,
    secret_arn: expect.stringMatching(
      /^\$\{aws_secretsmanager_secret\.uploads_Secret_[^.]+\.arn\}$/,
    ) as string,
  });
  expect(only(resource.lightsail_bucket_access_key).depends_on).toEqual([
    expect.stringMatching(/^aws_secretsmanager_secret_policy\.uploads_SecretPolicy_/),
  ]);
});

test('one destination handed to two keys makes two secrets', () => {
  const secret = SecretDestination.newSecretsManagerSecret();
  const { resource } = synthesize((stack) => {
    new AwsProvider(stack, 'aws');
    new BucketAccessKey(stack, 'one', { bucketName: 'one', secret });
    new BucketAccessKey(stack, 'two', { bucketName: 'two', secret });
  });
  expect(Object.keys(resource.aws_secretsmanager_secret ?? {})).toHaveLength(2);
});

test.each<[string, NewSecretsManagerSecretProps, RegExp]>([
  ['two names', { name: 'a', namePrefix: 'b' }, /Both secret\.name and secret\.namePrefix/],
  ['a name that Secrets Manager has not', { name: 'a b' }, /name is "a b"/],
  ['such a prefix', { namePrefix: '' }, /namePrefix is ""/],
  ['two KMS keys', { kmsKeyId: 'a', createKmsKey: true }, /Both secret\.kmsKeyId and secret\.createKmsKey/],
  ['an empty KMS key', { kmsKeyId: '' }, /kmsKeyId is empty/],
  ['a policy that is no JSON', { resourcePolicy: 'allow' }, /resourcePolicy is not JSON/],
  ...[1, 6, 31, 7.5, -1, Number.NaN].map((days): [string, NewSecretsManagerSecretProps, RegExp] => [
    `a recovery window of ${days} days`,
    { recoveryWindowInDays: days },
    /recoveryWindowInDays is .* 7 to 30/,
  ]),
])('%s is refused with the path of the key', (_, props, words) => {
  expect(failing(props)).toThrow(words);
  expect(failing(props)).toThrow('[stack/uploads] ');
});

test.each([0, 7, 30])('a recovery window of %s days is accepted', (recoveryWindowInDays) => {
  expect(failing({ recoveryWindowInDays, createKmsKey: true })).not.toThrow();
});

test('what only Terraform will know passes', () => {
  const stack = stackWith((scope) => {
    new AwsProvider(scope, 'aws');
    const variable = new TerraformVariable(scope, 'value', { type: 'string' });
    const text = variable.stringValue;
    new BucketAccessKey(scope, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.newSecretsManagerSecret({
        name: text,
        createKmsKey: true,
        resourcePolicy: text,
        recoveryWindowInDays: variable.numberValue,
      }),
    });
  });
  expect(() => Testing.fullSynth(stack)).not.toThrow();
});

test.each<[string, (variable: TerraformVariable) => unknown, string]>([
  [
    'a merge',
    (variable): unknown => Fn.merge([variable.value, { team: 'ci' }]),
    '${merge(var.tags, {"team" = "ci"})}',
  ],
  ['a value', (variable): unknown => variable.value, '${var.tags}'],
  ['an encoded map', (variable) => Token.asStringMap(variable.value), '${var.tags}'],
  ['an expression', () => '${var.tags}', '${var.tags}'],
])('tags that only Terraform will know stay whole: %s', (_, tags, expression) => {
  const { resource } = synthesize((stack) => {
    new AwsProvider(stack, 'aws');
    const variable = new TerraformVariable(stack, 'tags', { type: 'map(string)' });
    new BucketAccessKey(stack, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.newSecretsManagerSecret({
        createKmsKey: true,
        tags: tags(variable) as Record<string, string>,
      }),
    });
  });
  expect(only(resource.aws_secretsmanager_secret).tags).toBe(expression);
  expect(only(resource.aws_kms_key).tags).toBe(expression);
});

test('a recovery window that only Terraform will know leaves the KMS key its longest', () => {
  const resource = synthesized({ createKmsKey: true, recoveryWindowInDays: '${var.days}' as never });
  expect(only(resource.aws_kms_key).deletion_window_in_days).toBe(30);
});

test('whether a KMS key is made cannot be left to Terraform', () => {
  const stack = stackWith(() => undefined);
  const { booleanValue } = new TerraformVariable(stack, 'own-key', { type: 'bool' });
  expect(failing({ createKmsKey: booleanValue as never })).toThrow(
    '[stack/uploads] secret.createKmsKey is a token, and synthesis has to know it, so no access key can be managed. ' +
      'Give true or false, or leave it out.',
  );
});

test('without @cdktf/provider-aws the error says how to get it and how to do without', () => {
  jest.isolateModules(() => {
    jest.doMock('@cdktf/provider-aws/lib/kms-key', () => {
      throw new Error('Cannot find module');
    });
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { newSecretsManagerSecret } = require('../../../src/constructs/private/destination.js') as {
      newSecretsManagerSecret: (key: object, props: object) => unknown;
    };
    expect(() => newSecretsManagerSecret({}, {})).toThrow(
      /^SecretDestination\.newSecretsManagerSecret\(\) needs the package @cdktf\/provider-aws.*npm install @cdktf\/provider-aws.*secretsManager\(/,
    );
  });
});

test('a stack that makes no secret does not load @cdktf/provider-aws', () => {
  jest.isolateModules(() => {
    jest.doMock('@cdktf/provider-aws/lib/kms-key', () => {
      throw new Error('loaded');
    });
    expect(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const library = require('../../../src/constructs/index.js') as {
        SecretDestination: typeof SecretDestination;
      };
      library.SecretDestination.newSecretsManagerSecret();
    }).not.toThrow();
  });
});
