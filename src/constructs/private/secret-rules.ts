import { invalidRecipient } from '../../contract/age-recipient.js';
import { FORMATS, TIERS } from '../../contract/limits.js';
import { SECRET_NAME } from '../../contract/names.js';
import { parameterNameProblem } from '../../contract/ssm-parameter.js';
import { vaultPathProblem } from '../../contract/vault-path.js';
import type { LightsailBucketAccessKeySecret } from '../lightsail-bucket-access-key.js';
import type {
  CommandDestinationProps,
  FileDestinationProps,
  NewSecretsManagerSecretProps,
  SecretsManagerDestinationProps,
  SsmParameterDestinationProps,
  TerraformOutputDestinationProps,
  VaultKvDestinationProps,
} from '../secret-destination-props.js';
import {
  filled,
  flag,
  isLater,
  known,
  listOf,
  mapOf,
  matching,
  numbers,
  oneOf,
  optional,
  problem,
  type Problems,
  type Rule,
  type Rules,
  type Shape,
  shape,
  shown,
  strings,
  text,
} from './rules.js';

const format = optional(oneOf(FORMATS));
const kmsKeyId = optional(filled('Give the ID, ARN or alias of a KMS key'));

/** Its problem is told in the words of whoever has looked at it, which never repeat an identity. */
const recipient = strings((given) => {
  const found = invalidRecipient(given);
  return found === null
    ? null
    : {
        what: `is not an age recipient: ${found.replace(/\.$/, '')}`,
        remedy: 'Give recipients as age-keygen prints them',
      };
});
const ageRecipients = optional(
  listOf(recipient, {
    what: "is empty, and no identity could open the access key's secret",
    remedy: 'Give at least one recipient',
  }),
);

/** A program and its arguments. */
export function program(example: string): Rule {
  const none = {
    what: 'names no program',
    remedy: `Give the program and its arguments as a list, such as ${example}; no shell reads it`,
  };
  const list = listOf(text, none);
  return {
    ...list,
    problems: (given, at) => {
      const found = list.problems(given, at);
      if (found.length > 0 || isLater(given)) return found;
      const [first = ''] = given as readonly string[];
      return !isLater(first) && first.trim() === '' ? [problem(`${at.name} ${none.what}`, none.remedy)] : [];
    },
  };
}

const storing = program('["./store-key.sh", "--vault", "CI"]');

const TERRAFORM_OUTPUT = shape<TerraformOutputDestinationProps>({ ageRecipients });

const FILE = shape<FileDestinationProps>({
  path: filled('Give the path of a file, such as ./uploads-key.json'),
  format,
  ageRecipients,
});

const SECRETS_MANAGER = shape<SecretsManagerDestinationProps>({
  secretId: filled('Give the ARN or the name of a secret that exists'),
  format,
});

const SSM_PARAMETER = shape<SsmParameterDestinationProps>({
  name: strings((given) => {
    const found = parameterNameProblem(given);
    const short = (part: string) => part.replace(/\.$/, '');
    return found && { what: `cannot be ${shown(given)}: ${short(found.what)}`, remedy: short(found.remedy) };
  }),
  kmsKeyId,
  tier: optional(oneOf(TIERS)),
  format,
});

const VAULT_KV = shape<VaultKvDestinationProps>(
  {
    mount: filled('Give the mount of a KV v2 secrets engine, such as "secret"'),
    path: filled('Give the path below the mount, such as "ci/uploads"'),
    namespace: optional(filled('Give the namespace')),
    format,
  },
  ({ mount, path }, prefix) => {
    const found = isLater(mount) || isLater(path) ? null : vaultPathProblem(mount, path);
    return found
      ? [
          problem(
            `${prefix}path: ${mount}/${path} ${found.what.replace(/\.$/, '')}`,
            found.remedy.replace(/\.$/, ''),
          ),
        ]
      : [];
  },
);

const COMMAND = shape<CommandDestinationProps>({ write: storing, delete: optional(storing), format });

/** Each block of `secret`, by the prop that makes it. */
export const DESTINATIONS = {
  terraformOutput: TERRAFORM_OUTPUT,
  file: FILE,
  secretsManager: SECRETS_MANAGER,
  ssmParameter: SSM_PARAMETER,
  vaultKv: VAULT_KV,
  command: COMMAND,
} as const;

/** Exactly one of these destinations. */
export function oneDestination(
  destinations: Readonly<Record<string, Rule>>,
): Shape<LightsailBucketAccessKeySecret> {
  const each = Object.fromEntries(Object.entries(destinations).map(([name, rule]) => [name, optional(rule)]));
  return shape(each as Rules<LightsailBucketAccessKeySecret>, (given, prefix) => {
    const named = Object.entries(given).filter(([, value]) => value !== undefined);
    if (named.length === 1) return [];
    const all = Object.keys(destinations).join(', ');
    return [
      problem(
        `${prefix.replace(/\.$/, '')} names ${named.length} destinations`,
        `Give exactly one of ${all}`,
      ),
    ];
  });
}

export const SECRET = oneDestination(DESTINATIONS);

export const NEW_SECRET = shape<NewSecretsManagerSecretProps>(
  {
    name: optional(matching(SECRET_NAME, 'Give 1 to 512 letters, digits and / _ + = . @ -')),
    namePrefix: optional(matching(SECRET_NAME, 'Give 1 to 512 letters, digits and / _ + = . @ -')),
    description: optional(text),
    kmsKeyId,
    createKmsKey: optional(known(flag, 'Give true or false')),
    recoveryWindowInDays: optional(
      numbers(
        (days) => days === 0 || (days >= 7 && days <= 30),
        'Give 7 to 30 days, or 0 to delete the secret at once',
      ),
    ),
    resourcePolicy: optional(
      strings((given) =>
        isJson(given)
          ? null
          : {
              what: 'is not JSON',
              remedy: "Give an IAM policy document as JSON, for instance a DataAwsIamPolicyDocument's json",
            },
      ),
    ),
    tags: optional(mapOf(text)),
    format,
  },
  ({ name, namePrefix, kmsKeyId: given, createKmsKey }, prefix): Problems => [
    ...(name !== undefined && namePrefix !== undefined
      ? [
          problem(
            `Both ${prefix}name and ${prefix}namePrefix are given, and a secret has one name`,
            'Keep one',
          ),
        ]
      : []),
    ...(given !== undefined && createKmsKey
      ? [
          problem(
            `Both ${prefix}kmsKeyId and ${prefix}createKmsKey are given, and a secret has one KMS key`,
            'Keep one',
          ),
        ]
      : []),
  ],
);

function isJson(given: string): boolean {
  try {
    JSON.parse(given);
    return true;
  } catch {
    return false;
  }
}
