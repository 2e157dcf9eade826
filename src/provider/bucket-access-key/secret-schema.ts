import { FORMATS } from '../../destinations/formats.js';
import type { Attribute, Attributes, Blocks, NestedBlock } from '../../plugin/index.js';

const required = (description: string): Attribute => ({ type: 'string', required: true, description });
const optional = (description: string): Attribute => ({ type: 'string', optional: true, description });

const format = optional(
  `One of ${FORMATS.map((name) => `\`${name}\``).join(', ')}. Default: \`sdk\`, a JSON object.`,
);
const ageRecipients: Attribute = {
  type: ['list', 'string'],
  optional: true,
  description: 'age recipients (`age1…`): with them only ciphertext leaves the provider.',
};

const member = (description: string, attributes: Attributes): NestedBlock => ({ description, attributes });

/** The blocks of `secret`: exactly one stands there. */
export const secretMembers: Blocks = {
  terraform_output: member('Into the sensitive attribute `secret_access_key`, and so into the state.', {
    age_recipients: ageRecipients,
  }),
  file: member('Into a file of mode 0600, written atomically.', {
    path: required('Path of the file; its folder has to exist.'),
    format,
    age_recipients: ageRecipients,
  }),
  secrets_manager: member('Into an existing AWS Secrets Manager secret, as a new version.', {
    secret_id: required('Name or ARN of the secret.'),
    format,
  }),
  ssm_parameter: member('Into a SecureString of the SSM Parameter Store.', {
    name: required('Name of the parameter.'),
    kms_key_id: optional("KMS key of the parameter. Default: the account's `aws/ssm`."),
    tier: optional(
      "`Standard`, `Advanced` or `Intelligent-Tiering`. Default: the account's default tier in the Region.",
    ),
    format,
  }),
  vault_kv: member('Into a KV version 2 secret of HashiCorp Vault or OpenBao.', {
    mount: required('Path of the KV version 2 mount.'),
    path: required('Path of the secret below the mount.'),
    namespace: optional('Namespace; default: `VAULT_NAMESPACE`.'),
    format,
  }),
  command: member('To a program of your own, as JSON on its standard input.', {
    write: {
      type: ['list', 'string'],
      required: true,
      description: 'The program that takes a pair, and its arguments; no shell reads them.',
    },
    delete: {
      type: ['list', 'string'],
      optional: true,
      description: 'The program that removes a pair; without it, what was written stays.',
    },
    format,
  }),
};
