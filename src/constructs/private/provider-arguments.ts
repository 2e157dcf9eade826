import type { LightsailProviderConfig } from '../lightsail-provider-config.js';
import type { Arguments } from './arguments.js';
import { checkUrl, checkWholeNumber, type Problems } from './validation.js';

/** The provider's local name in Terraform, and the first word of its resources' types. */
export const PROVIDER_TYPE = 'lightsail';

/** The services whose endpoints can be set; `vault` aside they are called what the AWS provider calls them. */
export const AWS_ENDPOINTS = ['lightsail', 'secretsmanager', 'ssm', 's3', 'sts'] as const;

export function providerArguments(config: LightsailProviderConfig): Arguments {
  const { assumeRole, endpoints } = config;
  return {
    region: config.region,
    profile: config.profile,
    access_key: config.accessKey,
    secret_key: config.secretKey,
    token: config.token,
    shared_config_files: config.sharedConfigFiles,
    shared_credentials_files: config.sharedCredentialsFiles,
    assume_role: assumeRole && {
      role_arn: assumeRole.roleArn,
      session_name: assumeRole.sessionName,
      external_id: assumeRole.externalId,
      duration_seconds: assumeRole.durationSeconds,
    },
    endpoints: endpoints && { ...endpoints },
    max_attempts: config.maxAttempts,
  };
}

export function providerProblems({ assumeRole, endpoints, maxAttempts }: LightsailProviderConfig): Problems {
  return [
    ...[...AWS_ENDPOINTS, 'vault' as const].flatMap((service) =>
      checkUrl(`The endpoint of ${service}`, endpoints?.[service]),
    ),
    ...checkWholeNumber('assumeRole.durationSeconds', assumeRole?.durationSeconds, {
      from: 900,
      to: 43_200,
      unit: 'seconds',
    }),
    ...checkWholeNumber('maxAttempts', maxAttempts, { from: 1, unit: 'attempts' }),
  ];
}
