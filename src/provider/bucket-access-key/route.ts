import type { Current, DestinationChoice } from '../../destinations/destination-choice.js';
import { TIERS } from '../../destinations/destination-choice.js';
import { isFormat } from '../../destinations/formats.js';
import type { ObjectValue, Value } from '../../plugin/index.js';
import { hasUnknown, isObject, strings, text } from '../values.js';
import { secretMembers } from './secret-schema.js';

const NOTHING: Current = { key: null, reference: null };

/** The destination that `secret` names; null while it is not wholly known, or where it says nothing of use. */
export function routeOf(secret: Value | undefined, current: Current = NOTHING): DestinationChoice | null {
  if (secret === null || secret === undefined) return { kind: 'none' };
  if (!isObject(secret) || hasUnknown(secret)) return null;
  const [kind, member] = Object.entries(secret).find(([, value]) => value !== null) ?? [];
  return kind !== undefined && isObject(member) && isComplete(kind, member)
    ? choose(kind, member, current)
    : null;
}

/** A required argument, or an element of a list, may turn out null at apply, when what it refers to is known at last. */
function isComplete(kind: string, member: ObjectValue): boolean {
  return Object.entries(secretMembers[kind]?.attributes ?? {}).every(([name, { required }]) => {
    const value = member[name] ?? null;
    return Array.isArray(value) ? !value.includes(null) : !required || value !== null;
  });
}

/** What the state says of the pair that was delivered. */
export function currentOf(state: ObjectValue): Current {
  return { key: text(state.access_key_id), reference: text(state.secret_reference) };
}

function choose(kind: string, member: ObjectValue, current: Current): DestinationChoice | null {
  const of = (name: string) => text(member[name]) ?? '';
  const named = text(member.format) ?? 'sdk';
  const format = isFormat(named) ? named : 'sdk';
  const ageRecipients = strings(member.age_recipients);
  switch (kind) {
    case 'terraform_output':
      return { kind, current, ageRecipients };
    case 'file':
      return { kind, path: of('path'), format, ageRecipients };
    case 'secrets_manager':
      return { kind, secretId: of('secret_id'), format };
    case 'ssm_parameter': {
      const kmsKeyId = text(member.kms_key_id);
      const tier = TIERS.find((name) => name === text(member.tier));
      return { kind, name: of('name'), format, ...(kmsKeyId && { kmsKeyId }), ...(tier && { tier }) };
    }
    case 'vault_kv': {
      const namespace = text(member.namespace);
      return { kind, mount: of('mount'), path: of('path'), format, ...(namespace && { namespace }) };
    }
    case 'command':
      return { kind, write: strings(member.write) ?? [], delete: strings(member.delete), format, current };
    default:
      return null;
  }
}
