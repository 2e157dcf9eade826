import { posix } from 'node:path';
import { TerraformResource, TerraformStack, Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import { KEYS_OF_BUCKET } from '../../contract/limits.js';
import { TYPES } from '../../contract/names.js';
import type { Problems } from './rules.js';

/** An access key as it will stand in its stack, overrides included. */
export interface DeclaredKey {
  readonly resource: TerraformResource;
  /** The path of the construct that the author made. */
  readonly path: string;
  readonly bucketName: unknown;
  /** The provider that it names; undefined for the stack's default. */
  readonly provider: unknown;
  readonly secret: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  /** How many keys of AWS it is; 0 where only Terraform will know (`count` of a token, `for_each`). */
  readonly instances: number;
}

/** The access keys of a key's stack, in the order in which they were constructed. */
export function declaredKeys(resource: TerraformResource): DeclaredKey[] {
  const stack = TerraformStack.of(resource);
  return stack.node
    .findAll()
    .filter(isKey)
    .filter((node) => TerraformStack.of(node) === stack)
    .flatMap((node) => declaredKey(node));
}

/** A value that is known at synthesis: no token, and none of Terraform's expressions in an override. */
export function isLiteral(value: unknown): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value) && !/[$%]\{/.test(value);
}

function isKey(node: IConstruct): node is TerraformResource {
  return TerraformResource.isTerraformResource(node) && node.terraformResourceType === TYPES.accessKey;
}

function declaredKey(resource: TerraformResource): DeclaredKey[] {
  const blocks = resource.toTerraform() as {
    resource?: Record<string, Record<string, Record<string, unknown> | undefined> | undefined>;
  };
  // Nothing stands there for one that has moved elsewhere.
  const block = blocks.resource?.[TYPES.accessKey]?.[resource.friendlyUniqueId];
  if (block === undefined) return [];
  return [
    {
      resource,
      path: resource.node.scope?.node.path ?? resource.node.path,
      bucketName: block.bucket_name,
      provider: block.provider,
      secret: (block.secret ?? {}) as DeclaredKey['secret'],
      instances: instances(block),
    },
  ];
}

function instances({ count, for_each }: Record<string, unknown>): number {
  if (for_each !== undefined) return 0;
  if (count === undefined) return 1;
  return typeof count === 'number' && !Token.isUnresolved(count) ? count : 0;
}

/** Too many keys of one stack on one bucket: said by the key with which they become too many, and those after it. */
export function checkKeysOfBucket(resource: TerraformResource): Problems {
  const keys = declaredKeys(resource);
  const own = keys.findIndex((key) => key.resource === resource);
  const key = keys[own];
  if (!key || key.instances === 0 || !isLiteral(key.bucketName)) return [];
  const before = keys
    .slice(0, own)
    .filter(({ bucketName, provider }) => bucketName === key.bucketName && provider === key.provider)
    .filter(({ instances }) => instances > 0);
  const total = before.reduce((sum, { instances }) => sum + instances, key.instances);
  if (total <= KEYS_OF_BUCKET) return [];
  const others = before.length === 0 ? '' : `, with ${before.map(({ path }) => path).join(' and ')}`;
  return [
    `This is access key ${total} of this stack on the bucket "${key.bucketName}"${others}. A bucket holds two keys ` +
      `at most, so Lightsail would refuse to make this one. Remove a key, or let two consumers share one.`,
  ];
}

/**
 * Another key of the stack, constructed before this one, that has the same destination. Terraform would see it at
 * apply only: what is there is then another key's, and is refused.
 */
export function checkSharedDestination(resource: TerraformResource): Problems {
  const keys = declaredKeys(resource).filter(({ instances }) => instances > 0);
  const own = keys.findIndex((key) => key.resource === resource);
  const key = keys[own];
  const place = key && placeOf(key);
  const first = place && keys.slice(0, own).find((other) => isSame(placeOf(other), place));
  if (!place || !first) return [];
  return [
    `The access key ${first.path} has the same destination, ${place.name}, which holds the secret of one key: ` +
      `the other's would have nowhere to go. Give each key a destination of its own.`,
  ];
}

interface Place {
  /** As the message calls it. */
  readonly name: string;
  /** What tells it from every other place. */
  readonly identity: readonly unknown[];
}

/** Undefined where a part of the place is known only later, and where it is no place that keys could share. */
function placeOf({ secret, provider }: DeclaredKey): Place | undefined {
  const { file, secrets_manager: secretsManager, ssm_parameter: parameter, vault_kv: vault } = secret;
  if (file) return place('the file', [file.path], (path) => posix.normalize(path));
  if (secretsManager) return place('the secret', [secretsManager.secret_id], asItIs, provider);
  if (parameter) return place('the parameter', [parameter.name], asItIs, provider);
  if (vault) {
    const { namespace = '', mount, path } = vault;
    return place('the Vault path', [namespace, mount, path], withoutOuterSlashes, provider);
  }
  return undefined;
}

/** The same name under two providers may be in two Regions or accounts, and so be two places. */
function place(
  kind: string,
  parts: readonly unknown[],
  normalize: (part: string) => string,
  provider?: unknown,
): Place | undefined {
  if (!parts.every(isLiteral)) return undefined;
  const normal = parts.map(normalize);
  return {
    name: `${kind} ${normal.filter((part) => part !== '').join('/')}`,
    identity: [kind, provider, ...normal],
  };
}

function isSame(one: Place | undefined, other: Place): boolean {
  return one?.identity.every((part, index) => part === other.identity[index]) ?? false;
}

function asItIs(part: string): string {
  return part;
}

function withoutOuterSlashes(part: string): string {
  return part.replace(/^\/+|\/+$/g, '');
}
