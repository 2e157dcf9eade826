import { posix } from 'node:path';
import type { TerraformResource } from 'cdktf';
import { type DeclaredKey, declaredKeys, isLiteral } from './declared-key.js';
import type { Problems } from './validation.js';

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
