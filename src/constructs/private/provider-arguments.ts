import { Token } from 'cdktf';
import { type AssumeRoleArguments, assumeRoleProblems } from '../../contract/assume-role.js';
import type { LightsailProviderAssumeRole, LightsailProviderConfig } from '../lightsail-provider-config.js';
import { type Arguments, stringMap } from './arguments.js';
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
      duration: assumeRole.duration,
      policy: assumeRole.policy,
      policy_arns: assumeRole.policyArns,
      source_identity: assumeRole.sourceIdentity,
      tags: stringMap(assumeRole.tags),
      transitive_tag_keys: assumeRole.transitiveTagKeys,
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
    ...assumeRoleProblems(literals(assumeRole)).map(
      ({ argument, problem, remedy }) =>
        `assumeRole.${argument}: ${problem}, which STS would refuse before any access key was touched. ${remedy}`,
    ),
    ...checkWholeNumber('maxAttempts', maxAttempts, { from: 1, unit: 'attempts' }),
  ];
}

/** What is known at synthesis; Terraform checks the rest once it knows it. */
function literals(role: LightsailProviderAssumeRole | undefined): AssumeRoleArguments {
  const known = Object.entries(role ?? {}).filter(([, value]) => value !== undefined && !holdsToken(value));
  return Object.fromEntries(known);
}

/** A token, or one of Terraform's expressions as the author has written it. */
function holdsToken(value: unknown): boolean {
  if (Token.isUnresolved(value) || (typeof value === 'string' && /[$%]\{/.test(value))) return true;
  return typeof value === 'object' && value !== null && Object.entries(value).flat().some(holdsToken);
}
