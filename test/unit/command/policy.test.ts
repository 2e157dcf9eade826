import { policy } from '../../../src/command/policy.js';
import {
  auditDocument,
  policyDocument,
  type PolicyDocument,
  type Statement,
} from '../../../src/command/policy/document.js';
import { DESTINATION_NAMES } from '../../../src/command/policy/arguments.js';
import { UsageError } from '../../../src/command/subcommand.js';
import { CURRENT, JOURNAL, PENDING, PREVIOUS } from '../../../src/destinations/secrets-manager/descriptor.js';
import { journalName } from '../../../src/destinations/ssm-parameter/journal.js';
import { pendingPrefix } from '../../../src/destinations/ssm-parameter/pairs.js';
import { conditionKeysOf, iamAction, iamResource } from '../../support/iam/action-data.js';

const BUCKET = 'arn:aws:lightsail:eu-west-1:111122223333:Bucket/af6c1af5-54ec-4bc9-8fdd-64f31fb33a5a';
const PLACE = ['--region', 'eu-west-1', '--account', '111122223333'];
const KMS = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

let printed: { log: string; error: string };
beforeEach(() => {
  printed = { log: '', error: '' };
  for (const stream of ['log', 'error'] as const) {
    jest.spyOn(console, stream).mockImplementation((...texts: unknown[]) => {
      printed[stream] += texts.join(' ');
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
});

function run(...args: string[]): readonly Statement[] {
  void policy.run(args);
  return (JSON.parse(printed.log) as PolicyDocument).Statement;
}

function printedFor(destination: string, ...more: string[]): readonly Statement[] {
  return run('--bucket', BUCKET, ...PLACE, '--destination', destination, ...more);
}

test('for a destination outside of AWS only the three calls on keys are allowed', () => {
  expect(printedFor('file')).toEqual([
    { Sid: 'ListBucketKeys', Effect: 'Allow', Action: ['lightsail:GetBucketAccessKeys'], Resource: ['*'] },
    {
      Sid: 'MakeAndDeleteBucketKeys',
      Effect: 'Allow',
      Action: ['lightsail:CreateBucketAccessKey', 'lightsail:DeleteBucketAccessKey'],
      Resource: [BUCKET],
    },
  ]);
  expect(printed.error).toBe('');
});

test.each([
  ['file'],
  ['secrets-manager', '--secret-id', 'uploads', '--kms-key', KMS],
  ['ssm-parameter', '--name', '/uploads/key', '--kms-key', KMS],
])('for plans with %s the policy has what reads of that for applies, and nothing that writes', (...more) => {
  const all = printedFor(...(more as [string]));
  printed = { log: '', error: '' };
  const reading = printedFor(...(more as [string]), '--for', 'plan');
  const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action);
  const writing = /:(Create|Delete|Put|Update|Encrypt|Generate)/;
  expect(actionsOf(reading)).toEqual(actionsOf(all).filter((action) => !writing.test(action)));
  expect(actionsOf(reading)).toContain('lightsail:GetBucketAccessKeys');
  for (const statement of reading) {
    expect(all).toContainEqual({
      ...statement,
      Action: expect.arrayContaining([...statement.Action]) as unknown,
    });
  }
  expect(printed.error).toBe('');
});

test.each(['terraform-output', 'vault-kv', 'command'])('%s needs no more than a file', (destination) => {
  const statements = printedFor(destination);
  printed.log = '';
  expect(statements).toEqual(printedFor('file'));
});

test("with a bucket's name the policy is wider, and says how to limit it", () => {
  const [, keys] = run('--bucket', 'uploads', '--bucket', BUCKET, ...PLACE, '--destination', 'file');
  expect(keys?.Resource).toEqual(['arn:aws:lightsail:eu-west-1:111122223333:Bucket/*']);
  expect(printed.error).toMatch(
    /all Lightsail buckets.*\n.*ARN.*\n\n {2}aws lightsail get-buckets --bucket-name uploads /,
  );
});

test('Secrets Manager is written, and only its journal is read', () => {
  const [, , write, move, read, ...others] = printedFor('secrets-manager', '--secret-id', 'ci/uploads');
  const Resource = ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:ci/uploads-??????'];
  expect(write).toMatchObject({
    Action: ['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'],
    Resource,
  });
  expect(move).toMatchObject({ Action: ['secretsmanager:UpdateSecretVersionStage'], Resource });
  expect(read).toMatchObject({
    Action: ['secretsmanager:GetSecretValue'],
    Resource,
    Condition: { 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': [JOURNAL] } },
  });
  expect(others).toEqual([]);
});

test('the label by which the journal may be read cannot be put on a pair', () => {
  const moved = printedFor('secrets-manager', '--secret-id', 'ci/uploads')[3]?.Condition;
  expect(moved).toEqual({
    'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': [CURRENT, PREVIOUS, PENDING] },
  });
});

test('the audit may list buckets and their keys, in every account and Region, and do nothing else', () => {
  expect(run('--for', 'audit')).toEqual([
    {
      Sid: 'ListBucketsAndKeys',
      Effect: 'Allow',
      Action: ['lightsail:GetBuckets', 'lightsail:GetBucketAccessKeys'],
      Resource: ['*'],
    },
  ]);
  expect(printed.error).toBe('');
});

test("in China the KMS key's use through a service is known under both domains of AWS", () => {
  const china = ['--region', 'cn-north-1', '--account', '111122223333', '--partition', 'aws-cn'];
  const args = [
    '--bucket',
    'uploads',
    ...china,
    '--destination',
    'ssm-parameter',
    '--name',
    'x',
    '--kms-key',
    'k',
  ];
  expect(run(...args).at(-1)).toMatchObject({
    Resource: ['arn:aws-cn:kms:cn-north-1:111122223333:key/k'],
    Condition: {
      StringEquals: { 'kms:ViaService': ['ssm.cn-north-1.amazonaws.com', 'ssm.cn-north-1.amazonaws.com.cn'] },
    },
  });
});

test.each([
  ['that may be whole, or of a name that ends so itself', '-AbCdEf', ['-AbCdEf', '-AbCdEf-??????']],
  ['without the six characters', '', ['-??????']],
])("a secret's ARN %s", (_, given, expected) => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:uploads';
  expect(printedFor('secrets-manager', '--secret-id', arn + given)[2]?.Resource).toEqual(
    expected.map((end) => arn + end),
  );
});

test('of Parameter Store the pair is written and never read, its neighbours only as far as needed', () => {
  const [, , list, pair, journal, pending] = printedFor('ssm-parameter', '--name', '/ci/uploads');
  const arn = (name: string) => `arn:aws:ssm:eu-west-1:111122223333:parameter${name}`;
  expect(list).toMatchObject({ Action: ['ssm:DescribeParameters'], Resource: ['*'] });
  expect(pair).toMatchObject({
    Action: ['ssm:PutParameter', 'ssm:DeleteParameter'],
    Resource: [arn('/ci/uploads')],
  });
  expect(journal?.Resource).toEqual([arn(journalName('/ci/uploads'))]);
  expect(pending?.Resource).toEqual([`${arn(pendingPrefix('/ci/uploads'))}*`]);
  expect(journal?.Action).not.toContain('ssm:GetParameter');
});

describe('a KMS key of the author', () => {
  test('may be looked at, so that a plan tells that it is disabled', () => {
    const [see] = printedFor('ssm-parameter', '--name', 'x', '--kms-key', KMS).slice(-2);
    expect(see).toEqual({
      Sid: 'SeeKmsKey',
      Effect: 'Allow',
      Action: ['kms:DescribeKey'],
      Resource: [KMS],
    });
  });

  test.each([
    ['by ARN', KMS, KMS],
    ['by ID', '1234abcd', 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd'],
  ])('%s may be used through Secrets Manager alone', (_, given, resource) => {
    const last = printedFor('secrets-manager', '--secret-id', 'x', '--kms-key', given).at(-1);
    expect(last).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: [resource],
      Condition: { StringEquals: { 'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'] } },
    });
  });

  test.each(['alias/ci', 'arn:aws:kms:eu-west-1:111122223333:alias/ci'])(
    '%s is found by a condition',
    (key) => {
      const last = printedFor('ssm-parameter', '--name', 'x', '--kms-key', key).at(-1);
      expect(last).toMatchObject({
        Resource: ['arn:aws:kms:eu-west-1:111122223333:key/*'],
        Condition: {
          StringEquals: { 'kms:ViaService': ['ssm.eu-west-1.amazonaws.com'] },
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/ci'] },
        },
      });
    },
  );

  test.each([
    ['Standard', ['kms:Decrypt', 'kms:Encrypt']],
    ['Advanced', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['Intelligent-Tiering', ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']],
  ])('is used for a parameter of the tier %s as that needs', (tier, actions) => {
    const last = printedFor('ssm-parameter', '--name', 'x', '--kms-key', KMS, '--tier', tier).at(-1);
    expect(last?.Action).toEqual(actions);
  });
});

describe("against AWS's own service authorization data", () => {
  const statements = DESTINATION_NAMES.flatMap((destination) => {
    const place = { partition: 'aws', region: 'eu-west-1', account: '111122223333' };
    const options = { 'secret-id': 'ci/uploads', name: '/ci/uploads' };
    const both = [KMS, 'alias/ci'].map((kmsKey) =>
      policyDocument({ ...place, options, buckets: [BUCKET], destination, kmsKey }),
    );
    return [...both, auditDocument()].flatMap(({ Statement }) => Statement);
  });
  const cases = statements.flatMap((statement) =>
    statement.Action.map((action) => [action, statement] as [string, Statement]),
  );

  test.each(cases)('%s exists', (action) => {
    expect(iamAction(action)).toBeDefined();
  });

  test.each(cases)(
    '%s is limited to a resource where AWS knows one, and of the right type',
    (action, { Resource }) => {
      const types = iamAction(action)?.resourceTypes ?? [];
      if (types.length === 0) {
        expect(Resource).toEqual(['*']);
        return;
      }
      const patterns = types.map(({ name }) => iamResource(action, name));
      for (const resource of Resource) expect(patterns.some((pattern) => pattern.test(resource))).toBe(true);
    },
  );

  test.each(cases.filter(([, { Condition }]) => Condition))(
    '%s knows the keys of its conditions',
    (action, { Condition }) => {
      const known = conditionKeysOf(action);
      for (const key of Object.values(Condition ?? {}).flatMap((keys) => Object.keys(keys)))
        expect(known).toContain(key);
    },
  );

  test('no action is allowed by a wildcard', () => {
    for (const [action] of cases) expect(action).toMatch(/^[a-z]+:[A-Z][A-Za-z]+$/);
  });
});

test.each([
  ['no bucket', [...PLACE, '--destination', 'file'], /at least one --bucket/],
  ['a bucket that is none', ['--bucket', 'Up*', ...PLACE, '--destination', 'file'], /--bucket Up\*/],
  ['no destination', ['--bucket', 'uploads', ...PLACE], /--destination as one of/],
  ['an unknown one', ['--bucket', 'uploads', ...PLACE, '--destination', 's3'], /--destination as one of/],
  [
    'no Region',
    ['--bucket', 'uploads', '--account', '111122223333', '--destination', 'file'],
    /Give --region/,
  ],
  ['no account', ['--bucket', 'uploads', '--region', 'eu-west-1', '--destination', 'file'], /Give --account/],
  [
    'an account that is none',
    ['--bucket', 'uploads', '--region', 'eu-west-1', '--account', '*', '--destination', 'file'],
    /--account \*/,
  ],
  ['no secret', ['--bucket', 'uploads', ...PLACE, '--destination', 'secrets-manager'], /Give --secret-id/],
  [
    'a wildcard as the secret',
    ['--bucket', 'uploads', ...PLACE, '--destination', 'secrets-manager', '--secret-id', '*'],
    /--secret-id \*/,
  ],
  [
    'a secret of another Region',
    [
      ...['--bucket', 'uploads', ...PLACE, '--destination', 'secrets-manager'],
      ...['--secret-id', 'arn:aws:secretsmanager:us-east-1:111122223333:secret:x'],
    ],
    /--secret-id .+:secret:x is not in the Region and account of --region, --account and --partition/,
  ],
  [
    'a secret of another account',
    [
      ...['--bucket', 'uploads', ...PLACE, '--destination', 'secrets-manager'],
      ...['--secret-id', 'arn:aws:secretsmanager:eu-west-1:999999999999:secret:x'],
    ],
    /is not in the Region and account of/,
  ],
  [
    'the ARN of a bucket of another Region',
    [...['--bucket', BUCKET, '--region', 'us-east-1', '--account', '111122223333', '--destination', 'file']],
    /--bucket .+ is not in the Region and account of/,
  ],
  [
    'the ARN of a parameter',
    [
      '--bucket',
      'uploads',
      ...PLACE,
      '--destination',
      'ssm-parameter',
      '--name',
      'arn:aws:ssm:x:1:parameter/x',
    ],
    /--name arn:aws:ssm:x:1:parameter\/x is not a name/,
  ],
  ['no parameter', ['--bucket', 'uploads', ...PLACE, '--destination', 'ssm-parameter'], /Give --name/],
  [
    'a name without its destination',
    ['--bucket', 'uploads', ...PLACE, '--destination', 'file', '--name', 'x'],
    /does not belong/,
  ],
  [
    'a KMS key outside of AWS',
    ['--bucket', 'uploads', ...PLACE, '--destination', 'file', '--kms-key', 'alias/ci'],
    /--kms-key does not belong/,
  ],
  [
    'a wildcard as the KMS key',
    ['--bucket', 'uploads', ...PLACE, '--destination', 'ssm-parameter', '--name', 'x', '--kms-key', '*'],
    /--kms-key \*/,
  ],
  [
    'a tier of a secret',
    [
      ...['--bucket', 'uploads', ...PLACE, '--destination', 'secrets-manager', '--secret-id', 'x'],
      ...['--tier', 'Standard'],
    ],
    /--tier does not belong/,
  ],
  ['an unknown purpose', ['--for', 'fun'], /--for as one of apply, plan, audit/],
  ['a bucket for the audit', ['--for', 'audit', '--bucket', 'uploads'], /--bucket does not belong/],
  [
    'an unknown tier',
    ['--bucket', 'uploads', ...PLACE, '--destination', 'ssm-parameter', '--name', 'x', '--tier', 'Big'],
    /--tier as one of/,
  ],
])('%s is a usage error, and prints no policy', (_, args, words) => {
  expect(() => run(...args)).toThrow(words);
  expect(() => run(...args)).toThrow(UsageError);
  expect(printed.log).toBe('');
});
