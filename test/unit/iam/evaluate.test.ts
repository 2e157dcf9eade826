import { policyDocument } from '../../../src/command/policy/document.js';
import { type Ask, allows } from '../../support/iam/evaluate.js';

const place = { partition: 'aws', region: 'eu-west-1', account: '111122223333' };
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`;
const BUCKET = arn('lightsail', 'Bucket/af6c1af5-54ec-4bc9-8fdd-64f31fb33a5a');
const SECRET = arn('secretsmanager', 'secret:ci/uploads-AbCdEf');
const KEY = arn('kms', 'key/1234abcd');
const label = (...labels: string[]) => ({ 'secretsmanager:VersionStage': labels });
const through = (service: string, ...aliases: string[]) => ({
  'kms:ViaService': [`${service}.eu-west-1.amazonaws.com`],
  'kms:ResourceAliases': aliases,
});

const ofSecret = policyDocument({
  ...place,
  buckets: [BUCKET],
  destination: 'secrets-manager',
  options: { 'secret-id': 'ci/uploads' },
  kmsKey: 'alias/ci',
});
const ofParameter = policyDocument({
  ...place,
  buckets: ['uploads'],
  destination: 'ssm-parameter',
  options: { name: '/ci/uploads' },
});

/** The stand-in for IAM, before which the whole suite runs. */
describe.each<[string, boolean, Ask]>([
  ["the policy's bucket", true, { action: 'lightsail:CreateBucketAccessKey', resource: BUCKET }],
  ['another bucket', false, { action: 'lightsail:CreateBucketAccessKey', resource: `${BUCKET}0` }],
  ['what has no resource', true, { action: 'lightsail:GetBucketAccessKeys', resource: 'whatever' }],
  ['an action that is not listed', false, { action: 'lightsail:GetBuckets', resource: '*' }],
  ['the secret', true, { action: 'secretsmanager:PutSecretValue', resource: SECRET }],
  ['a longer name', false, { action: 'secretsmanager:PutSecretValue', resource: `${SECRET}-AbCdEf` }],
  ['a secret that is not there', false, { action: 'secretsmanager:DescribeSecret', resource: 'ci/uploads' }],
  [
    'the journal',
    true,
    { action: 'secretsmanager:GetSecretValue', resource: SECRET, context: label('LIGHTSAIL_JOURNAL') },
  ],
  [
    'the live pair',
    false,
    { action: 'secretsmanager:GetSecretValue', resource: SECRET, context: label('AWSCURRENT') },
  ],
  ['the live pair without a label', false, { action: 'secretsmanager:GetSecretValue', resource: SECRET }],
  [
    'a promotion',
    true,
    { action: 'secretsmanager:UpdateSecretVersionStage', resource: SECRET, context: label('AWSCURRENT') },
  ],
  [
    "the journal's label on a pair",
    false,
    {
      action: 'secretsmanager:UpdateSecretVersionStage',
      resource: SECRET,
      context: label('LIGHTSAIL_JOURNAL'),
    },
  ],
  [
    'the KMS key that has the alias',
    true,
    { action: 'kms:Decrypt', resource: KEY, context: through('secretsmanager', 'alias/a', 'alias/ci') },
  ],
  [
    'a KMS key without it',
    false,
    { action: 'kms:Decrypt', resource: KEY, context: through('secretsmanager', 'alias/a') },
  ],
  [
    'the KMS key directly',
    false,
    { action: 'kms:Decrypt', resource: KEY, context: { 'kms:ResourceAliases': ['alias/ci'] } },
  ],
])('With the policy for a secret, %s', (_, allowed, ask) => {
  test(`is ${allowed ? 'allowed' : 'denied'}`, () => {
    expect(allows(ofSecret, ask)).toBe(allowed);
  });
});

describe.each<[string, boolean, Ask]>([
  ['any bucket of the account', true, { action: 'lightsail:DeleteBucketAccessKey', resource: BUCKET }],
  ['the pair', true, { action: 'ssm:PutParameter', resource: arn('ssm', 'parameter/ci/uploads') }],
  ['reading the pair', false, { action: 'ssm:GetParameter', resource: arn('ssm', 'parameter/ci/uploads') }],
  [
    'reading what is pending',
    true,
    { action: 'ssm:GetParameter', resource: arn('ssm', 'parameter/ci/uploads.lightsail-pending-AKIA') },
  ],
  [
    'a neighbour whose name begins the same',
    false,
    { action: 'ssm:PutParameter', resource: arn('ssm', 'parameter/ci/uploads2') },
  ],
])('With the policy for a parameter, %s', (_, allowed, ask) => {
  test(`is ${allowed ? 'allowed' : 'denied'}`, () => {
    expect(allows(ofParameter, ask)).toBe(allowed);
  });
});

test('a condition with an operator that the stand-in does not know is an error, and so is an unknown action', () => {
  const [statement] = ofSecret.Statement.slice(3);
  const { Condition = {} } = statement ?? {};
  const odd = { StringLike: Condition['ForAnyValue:StringEquals'] ?? {} };
  const document = { ...ofSecret, Statement: statement ? [{ ...statement, Condition: odd }] : [] };
  const ask = { action: 'secretsmanager:UpdateSecretVersionStage', resource: SECRET };
  expect(() => allows(document, ask)).toThrow('StringLike');
  expect(() => allows(ofSecret, { action: 'lightsail:Nonsense', resource: '*' })).toThrow('Nonsense');
});
