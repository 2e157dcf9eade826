import { Annotations, type TerraformProvider, type TerraformStack } from 'cdktf';
import { PROVIDER_TYPE } from './provider-arguments.js';
import { synthesizedArguments } from './aws-provider.js';

/** What decides on whose behalf a provider calls AWS: by Terraform's name, as the constructs call it. */
const CREDENTIALS = {
  profile: 'profile',
  access_key: 'accessKey',
  secret_key: 'secretKey',
  token: 'token',
  shared_config_files: 'sharedConfigFiles',
  shared_credentials_files: 'sharedCredentialsFiles',
  assume_role: 'assumeRole',
} as const;

/** The AWS provider has this one, ours has not: it takes the environment's instead. */
const WEB_IDENTITY = 'assume_role_with_web_identity';

/**
 * Warns of an AWS provider whose credentials the stack's default provider does not take over: it may work in another
 * account. They are not copied, since the AWS provider's may be for other calls than those on access keys.
 */
export function warnOfCredentials(stack: TerraformStack, aws: TerraformProvider): void {
  const args = synthesizedArguments(aws);
  const ignored = Object.entries(CREDENTIALS).flatMap(([name, called]) =>
    isSet(args[name]) ? [called] : [],
  );
  const webIdentity = isSet(args[WEB_IDENTITY]);
  if (ignored.length === 0 && !webIdentity) return;
  const names = [...ignored, ...(webIdentity ? ['assumeRoleWithWebIdentity'] : [])].join(', ');
  const remedies = [
    ...(ignored.length > 0
      ? [`Declare a LightsailProvider with the same ${ignored.join(', ')} in this stack.`]
      : []),
    ...(webIdentity
      ? [
          'For the web identity declare a LightsailProvider, and set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE ' +
            'in the environment of Terraform, or name a profile that has them.',
        ]
      : []),
  ];
  Annotations.of(stack).addWarning(
    `The AWS provider ${aws.node.path} sets ${names}, which the default provider of this stack's access keys ` +
      `(${PROVIDER_TYPE}) does not take over, only the Region and the endpoints. It calls AWS with the credentials of ` +
      `its environment, so the keys may be made in another account, or refused. ${remedies.join(' ')}`,
  );
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
