import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { TerraformOutput, type TerraformStack, TerraformVariable } from 'cdktf';
import { BucketAccessKey, LightsailProvider, SecretDestination } from '../../../src/constructs/index.js';
import { only, stackWith, synthesize } from './stacks.js';

const PARAMETER = 'arn:aws:ssm:eu-west-1:111122223333:parameter/ci/uploads';

function keyIn(stack: TerraformStack, secret: SecretDestination): BucketAccessKey {
  return new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
}

function arnOf(
  secret: SecretDestination,
  prepare: (stack: TerraformStack) => void = () => undefined,
): unknown {
  const { output } = synthesize((stack) => {
    prepare(stack);
    new TerraformOutput(stack, 'arn', { value: keyIn(stack, secret).secretArn });
  });
  return output.arn?.value;
}

const withAws = (stack: TerraformStack) => new AwsProvider(stack, 'aws', { region: 'eu-west-1' });

test('the ARN of a secret that exists is its reference without the version', () => {
  const address = 'lightsail_bucket_access_key\\.uploads_[^.]+\\.secret_reference';
  expect(arnOf(SecretDestination.secretsManager({ secretId: 'ci/uploads' }))).toMatch(
    new RegExp(`^\\$\\{\\(${address} == null \\? "" : split\\(":::", ${address}\\)\\[0\\]\\)\\}$`),
  );
});

test('the ARN of a secret that is made is that of its resource, which a rotation does not change', () => {
  expect(arnOf(SecretDestination.newSecretsManagerSecret(), withAws)).toMatch(
    /^\$\{aws_secretsmanager_secret\.uploads_Secret_[^.]+\.arn\}$/,
  );
});

describe('the ARN of a parameter', () => {
  const account = '\\$\\{data\\.aws_caller_identity\\.uploads_CallerIdentity_\\w+\\.account_id\\}';
  const arn = (region: string) => new RegExp(`^arn:aws:ssm:${region}:${account}:parameter/ci/uploads$`);
  const secret = SecretDestination.ssmParameter({ name: '/ci/uploads' });

  test('has the account and the Region of the AWS provider', () => {
    expect(arnOf(secret, withAws)).toMatch(arn('\\$\\{data\\.aws_region\\.uploads_Region_\\w+\\.id\\}'));
  });

  test("has the Region of the key's own provider where that has one", () => {
    const prepare = (stack: TerraformStack) => {
      withAws(stack);
      new LightsailProvider(stack, 'lightsail', { region: 'us-west-2' });
    };
    expect(arnOf(secret, prepare)).toMatch(arn('us-west-2'));
  });

  test("has the Region that is put over that of the key's own provider", () => {
    const prepare = (stack: TerraformStack) => {
      withAws(stack);
      new LightsailProvider(stack, 'lightsail').addOverride('region', 'us-west-2');
    };
    expect(arnOf(secret, prepare)).toMatch(arn('us-west-2'));
  });

  test("is refused where the key's own provider takes the Region of the environment, and the AWS provider does not", () => {
    const prepare = (stack: TerraformStack) => {
      withAws(stack);
      new LightsailProvider(stack, 'lightsail', { maxAttempts: 3 });
    };
    expect(() => arnOf(secret, prepare)).toThrow(
      /\[stack\/uploads\] secretArn was asked for, .* Give stack\/lightsail its region\./,
    );
  });

  test('has the Region of the environment where both providers take that', () => {
    const prepare = (stack: TerraformStack) => {
      new AwsProvider(stack, 'aws');
      new LightsailProvider(stack, 'lightsail', { maxAttempts: 3 });
    };
    expect(arnOf(secret, prepare)).toMatch(arn('\\$\\{data\\.aws_region\\.uploads_Region_\\w+\\.id\\}'));
  });

  test('is the name, where that is an ARN', () => {
    expect(arnOf(SecretDestination.ssmParameter({ name: PARAMETER }))).toBe(PARAMETER);
  });

  test('needs an AWS provider that tells the account', () => {
    stackWith((stack) => {
      expect(() => keyIn(stack, secret).secretArn).toThrow(/\[stack\/uploads\] secretArn.*no AwsProvider/);
    });
  });
});

test.each([
  SecretDestination.terraformOutput(),
  SecretDestination.file({ path: 'key' }),
  SecretDestination.vaultKv({ mount: 'secret', path: 'a' }),
  SecretDestination.command({ write: ['a'] }),
])('a destination without ARNs says so', (secret) => {
  stackWith((stack) => {
    const key = keyIn(stack, secret);
    expect(() => key.secretArn).toThrow(/\[stack\/uploads\] secretArn was asked for.*secretsManager\(\)/);
    expect(() => key.readStatements()).toThrow(/secretArn was asked for/);
  });
});

function statementsOf(secret: SecretDestination, kmsKeyId?: string): unknown {
  const { data } = synthesize((stack) => {
    withAws(stack);
    const statement = keyIn(stack, secret).readStatements(kmsKeyId);
    new DataAwsIamPolicyDocument(stack, 'read', { statement });
  });
  return only(data.aws_iam_policy_document).statement;
}

const read = (...actions: string[]) => ({
  sid: 'ReadAccessKey',
  actions,
  resources: [expect.anything() as unknown],
});
const decrypt = (resource: unknown, context: string) => ({
  sid: 'DecryptAccessKey',
  actions: ['kms:Decrypt'],
  resources: [resource],
  condition: [
    {
      test: 'StringEquals',
      variable: `kms:EncryptionContext:${context}`,
      values: [expect.anything() as unknown],
    },
  ],
});
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234';
const ANY_KEY = 'arn:aws:kms:*:*:key/*';

test("AWS's own KMS keys ask for no statement", () => {
  expect(statementsOf(SecretDestination.ssmParameter({ name: PARAMETER }))).toEqual([
    read('ssm:GetParameter', 'ssm:GetParameters'),
  ]);
  expect(statementsOf(SecretDestination.secretsManager({ secretId: 'a' }))).toEqual([
    read('secretsmanager:GetSecretValue'),
  ]);
});

test.each([
  [KEY_ARN, KEY_ARN],
  ['1234', 'arn:aws:kms:*:*:key/1234'],
  ['alias/ci', ANY_KEY],
  ['arn:aws:kms:eu-west-1:111122223333:alias/ci', ANY_KEY],
  ['${aws_kms_key.ci.arn}', ANY_KEY],
])('with the KMS key %s a reader may decrypt this secret alone, by %s', (kmsKeyId, resource) => {
  expect(statementsOf(SecretDestination.ssmParameter({ name: PARAMETER, kmsKeyId }))).toEqual([
    read('ssm:GetParameter', 'ssm:GetParameters'),
    decrypt(resource, 'PARAMETER_ARN'),
  ]);
  expect(statementsOf(SecretDestination.newSecretsManagerSecret({ kmsKeyId }))).toEqual([
    read('secretsmanager:GetSecretValue'),
    decrypt(resource, 'SecretARN'),
  ]);
  expect(statementsOf(SecretDestination.secretsManager({ secretId: 'a' }), kmsKeyId)).toEqual([
    read('secretsmanager:GetSecretValue'),
    decrypt(resource, 'SecretARN'),
  ]);
});

test('a KMS key that is asked for goes before that of the destination', () => {
  const secret = SecretDestination.ssmParameter({ name: PARAMETER, kmsKeyId: 'alias/ci' });
  expect(statementsOf(secret, KEY_ARN)).toEqual([
    read('ssm:GetParameter', 'ssm:GetParameters'),
    decrypt(KEY_ARN, 'PARAMETER_ARN'),
  ]);
});

test('a KMS key that only Terraform knows is named where it is an ARN', () => {
  expect(statementsOf(SecretDestination.newSecretsManagerSecret({ createKmsKey: true }))).toEqual([
    read('secretsmanager:GetSecretValue'),
    decrypt(
      expect.stringMatching(
        /^\$\{can\(regex\(":key\/", aws_kms_key\.[^)]+\.arn\)\) \? aws_kms_key\.[^ ]+\.arn : "arn:aws:kms:\*:\*:key\/\*"\}$/,
      ),
      'SecretARN',
    ),
  ]);
  stackWith((stack) => {
    const kmsKeyId = new TerraformVariable(stack, 'key', { type: 'string' }).stringValue;
    expect(
      keyIn(stack, SecretDestination.ssmParameter({ name: PARAMETER, kmsKeyId })).readStatements(),
    ).toHaveLength(2);
  });
});
