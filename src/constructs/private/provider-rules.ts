import { type AssumeRoleArguments, assumeRoleProblems } from '../../contract/assume-role.js';
import { isHttpUrl, MAX_ATTEMPTS } from '../../contract/limits.js';
import type {
  LightsailProviderAssumeRole,
  LightsailProviderConfig,
  LightsailProviderEndpoints,
} from '../lightsail-provider.js';
import {
  apart,
  isLater,
  listOf,
  mapOf,
  matching,
  optional,
  problem,
  secretText,
  shape,
  strings,
  text,
  wholeNumber,
} from './rules.js';

/** The services whose endpoints can be set; `vault` aside they are called what the AWS provider calls them. */
export const AWS_ENDPOINTS = ['lightsail', 'secretsmanager', 'ssm', 's3', 'sts'] as const;

const url = optional(
  strings((given) => (isHttpUrl(given) ? null : { remedy: 'Give a URL such as http://127.0.0.1:4566' })),
);

const ENDPOINTS = shape<LightsailProviderEndpoints>({
  lightsail: url,
  secretsmanager: url,
  ssm: url,
  s3: url,
  sts: url,
  vault: url,
});

const ASSUME_ROLE = shape<LightsailProviderAssumeRole>(
  {
    roleArn: text,
    sessionName: optional(text),
    externalId: optional(text),
    duration: optional(text),
    policy: optional(text),
    policyArns: optional(listOf(text)),
    sourceIdentity: optional(text),
    tags: optional(mapOf(text)),
    transitiveTagKeys: optional(listOf(text)),
  },
  (role, prefix) =>
    assumeRoleProblems(literals(role)).map(({ argument, problem: what, remedy }) =>
      problem(`${prefix}${argument}: ${what}, which STS would refuse`, remedy.replace(/\.$/, '')),
    ),
);

export const PROVIDER = shape<LightsailProviderConfig>(
  {
    region: optional(text),
    profile: optional(text),
    accessKey: optional(text),
    secretKey: optional(secretText),
    token: optional(secretText),
    sharedConfigFiles: optional(listOf(text)),
    sharedCredentialsFiles: optional(listOf(text)),
    assumeRole: optional(ASSUME_ROLE),
    endpoints: optional(ENDPOINTS),
    maxAttempts: optional(wholeNumber(MAX_ATTEMPTS)),
    // The framework's own.
    alias: apart(optional(matching(/^[A-Za-z_][\w-]*$/, 'Give letters, digits, _ and -, a letter first'))),
  },
  ({ accessKey, secretKey }, prefix) => {
    if ((accessKey === undefined) === (secretKey === undefined)) return [];
    const [given, missing] =
      accessKey === undefined ? ['secretKey', 'accessKey'] : ['accessKey', 'secretKey'];
    return [problem(`${prefix}${given} is given without ${missing}`, 'Give both, or neither')];
  },
);

/** What is known at synthesis; Terraform checks the rest once it knows it. */
function literals(role: LightsailProviderAssumeRole): AssumeRoleArguments {
  return Object.fromEntries(
    Object.entries(role).filter(([, value]) => value !== undefined && !holdsToken(value)),
  );
}

function holdsToken(value: unknown): boolean {
  if (isLater(value)) return true;
  return typeof value === 'object' && value !== null && Object.entries(value).flat().some(holdsToken);
}
