import { AwsProvider, type AwsProviderConfig } from '@cdktf/provider-aws/lib/provider';
import { TerraformIterator, type TerraformStack, Testing } from 'cdktf';
import { BucketAccessKey, LightsailProvider, SecretDestination } from '../../../src/constructs/index.js';
import { stackWith } from './stacks.js';

/** The warnings of a stack with a key and what the test puts beside it. */
function warnings(fill: (stack: TerraformStack) => void): string[] {
  const stack = stackWith((scope) => {
    new BucketAccessKey(scope, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.terraformOutput(),
    });
    fill(scope);
  });
  Testing.synth(stack, true);
  return stack.node.metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => String(data));
}

function warningsWith(config: AwsProviderConfig): string[] {
  return warnings((stack) => new AwsProvider(stack, 'aws', config));
}

const role = { roleArn: 'arn:aws:iam::111122223333:role/deploy' };

test.each<[string, AwsProviderConfig]>([
  ['profile', { profile: 'people' }],
  ['assumeRole', { assumeRole: [role] }],
  ['assumeRole', { assumeRole: TerraformIterator.fromList(['a']).dynamic({ role_arn: role.roleArn }) }],
  [
    'accessKey, secretKey, token',
    { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'hidden', token: 'hidden' },
  ],
  [
    'sharedConfigFiles, sharedCredentialsFiles',
    { sharedConfigFiles: ['config'], sharedCredentialsFiles: ['credentials'] },
  ],
])('the default provider warns of %s that the AWS provider sets', (names, config) => {
  const [warning, ...others] = warningsWith({ region: 'us-east-1', ...config });
  expect(warning).toContain(`The AWS provider stack/aws sets ${names}, which`);
  expect(warning).toContain('another account');
  expect(warning).toContain(`Declare a LightsailProvider with the same ${names} in this stack.`);
  expect(others).toEqual([]);
});

test('no warning shows a credential', () => {
  expect(warningsWith({ accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'hidden' }).join()).not.toMatch(
    /AKIA|hidden/,
  );
});

test('a web identity, which a LightsailProvider cannot declare, is warned of with the way around', () => {
  const [warning] = warningsWith({ assumeRoleWithWebIdentity: [{ ...role, webIdentityTokenFile: 'token' }] });
  expect(warning).toContain('sets assumeRoleWithWebIdentity, which');
  expect(warning).toContain('AWS_WEB_IDENTITY_TOKEN_FILE');
  expect(warning).not.toContain('with the same');
});

test('an argument that was set by an override is warned of as well', () => {
  const [warning] = warnings((stack) => {
    new AwsProvider(stack, 'aws').addOverride('assume_role', [{ role_arn: role.roleArn }]);
  });
  expect(warning).toContain('sets assumeRole, which');
});

test('what the default provider takes over, or what decides on no account, brings no warning', () => {
  const endpoints = [{ lightsail: 'http://127.0.0.1:1' }];
  expect(warningsWith({ region: 'us-east-1', endpoints, maxRetries: 3, assumeRole: [] })).toEqual([]);
});

test('a stack without an AWS provider brings no warning', () => {
  expect(warnings(() => undefined)).toEqual([]);
});

test('a stack that declares its LightsailProvider brings no warning', () => {
  expect(
    warnings((stack) => {
      new AwsProvider(stack, 'aws', { assumeRole: [role] });
      new LightsailProvider(stack, 'lightsail');
    }),
  ).toEqual([]);
});

test('a stack that is synthesized twice is warned of once', () => {
  const stack = stackWith((scope) => {
    new AwsProvider(scope, 'aws', { profile: 'people' });
    new BucketAccessKey(scope, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.terraformOutput(),
    });
  });
  Testing.synth(stack, true);
  Testing.synth(stack, true);
  expect(stack.node.metadata).toHaveLength(1);
});
