import type { ObjectValue, Value } from '../../../../src/plugin/index.js';

export const BUCKET = 'uploads';

/** What the author writes down; what is left out is null, as core hands it over. */
export interface Arguments {
  readonly bucket_name?: Value;
  readonly secret: Value;
  readonly rotation?: Value;
  readonly hooks?: Value;
  readonly exclusive?: Value;
  readonly verify?: Value;
  readonly verify_timeout_seconds?: Value;
}

const MEMBERS = ['terraform_output', 'file', 'secrets_manager', 'ssm_parameter', 'vault_kv', 'command'];
/** What the provider finds out about a key. */
export const COMPUTED = [
  'access_key_id',
  'status',
  'created_at',
  'previous_access_key_id',
  'retire_previous_after',
  'rotation_due_at',
  'secret_reference',
  'secret_access_key',
  'sealed_secret_access_key',
];

export function configOf(given: Arguments): ObjectValue {
  return {
    ...Object.fromEntries(COMPUTED.map((name) => [name, null])),
    bucket_name: BUCKET,
    exclusive: null,
    // A request to S3 for each key would only cost time; some cases ask for it.
    verify: false,
    verify_timeout_seconds: null,
    rotation: null,
    hooks: null,
    ...given,
  };
}

export function rotation(given: Record<string, Value>): ObjectValue {
  return { after_days: null, overlap_hours: null, keepers: null, on_still_used: null, ...given };
}

function secret(kind: string, member: Value): ObjectValue {
  return { ...Object.fromEntries(MEMBERS.map((name) => [name, null])), [kind]: member };
}

export const toFile = (path: Value, more: Record<string, Value> = {}): ObjectValue =>
  secret('file', { path, format: null, age_recipients: null, ...more });

export const toOutput = (recipients: Value = null): ObjectValue =>
  secret('terraform_output', { age_recipients: recipients });

/** A store of one line for each pair that came or went, behind a program that says where it is. */
const STORE = [
  'read -r pair',
  'printf "%s\\n" "$pair" >> "$1"',
  'test ! -e "$1.refuses" || exit 3',
  'printf "{\\"reference\\":\\"%s\\"}\\n" "$1"',
].join('; ');

export const toCommand = (store: Value, more: Record<string, Value> = {}): ObjectValue =>
  secret('command', {
    write: ['/bin/sh', '-c', STORE, 'write', store],
    delete: ['/bin/sh', '-c', STORE, 'delete', store],
    format: null,
    ...more,
  });

/** A program that notes what it was told, and fails as long as there is a file beside its notes that says so. */
const HOOK =
  'echo "$LIGHTSAIL_EVENT $LIGHTSAIL_ACCESS_KEY_ID $LIGHTSAIL_SECRET_REFERENCE" >> "$1"; test ! -e "$1.$LIGHTSAIL_EVENT"';

export function hooks(notes: Value, more: Record<string, Value> = {}): ObjectValue {
  const hook: ObjectValue = {
    command: ['/bin/sh', '-c', HOOK, 'hook', notes],
    on_failure: null,
    timeout_seconds: null,
    ...more,
  };
  return { after_create: hook, before_delete: hook };
}
