import { fileAt } from '../../destinations/file-place.js';
import { secretNamed } from '../../destinations/secrets-manager/secret-name.js';
import { parameterNamed } from '../../destinations/ssm-parameter/name.js';
import { Place } from '../../destinations/vault-kv/place.js';
import { namespaceFrom } from '../../destinations/vault-kv/settings.js';
import { AT_APPLY } from '../../lifecycle/resource.js';
import type { AtApply } from '../../lifecycle/resource.js';
import type { ObjectValue, Value } from '../../plugin/index.js';
import { asStarted } from '../../program/find-program.js';
import { hasUnknown, isObject, strings, text } from '../values.js';

/** What of a destination says how a pair is treated there, and neither where it is nor in which form. */
const TREATMENT = new Set(['delete', 'kms_key_id', 'tier']);
const DEFAULT_FORMAT = 'sdk';

/**
 * Where a pair is delivered under a `secret` argument and in which form, in one word: the same for all ways to write
 * it that lead to the same place on this machine in this run. Null where it is nowhere. `reference`: of the pair that
 * the state says was delivered; it names the place as the store does.
 */
export function destinationIdentity(
  secret: Value | undefined,
  reference: string | null = null,
): string | null | AtApply {
  return inOneWord(secret, (kind, member) => ({ ...member, ...resolve(kind, member, reference) }));
}

/** The same as its author has written it. */
export function destinationAsWritten(secret: Value | undefined): string | null | AtApply {
  return inOneWord(secret, (_, member) => member);
}

function inOneWord(
  secret: Value | undefined,
  told: (kind: string, member: ObjectValue) => ObjectValue,
): string | null | AtApply {
  if (secret === null || secret === undefined) return null;
  if (!isObject(secret)) return AT_APPLY;
  const places = (tellOf: typeof told) =>
    given(secret).map(([kind, member]): Value => [
      kind,
      isObject(member) ? placeIn(kind, tellOf(kind, member)) : member,
    ]);
  return hasUnknown(places((_, member) => member)) ? AT_APPLY : JSON.stringify(places(told));
}

function placeIn(kind: string, member: ObjectValue): Value {
  const format: Value = member.format ?? DEFAULT_FORMAT;
  const place: ObjectValue = kind === 'terraform_output' ? member : { ...member, format };
  return given(place)
    .filter(([name]) => !TREATMENT.has(name))
    .map(([name, value]): Value => [name, name === 'age_recipients' ? inAnyOrder(value) : value]);
}

/** The arguments that say where, as what they lead to. */
function resolve(kind: string, member: ObjectValue, reference: string | null): ObjectValue {
  const of = (name: string) => text(member[name]) ?? '';
  switch (kind) {
    case 'file':
      return { path: fileAt(of('path')) };
    case 'secrets_manager':
      return { secret_id: secretNamed(of('secret_id'), reference) };
    case 'ssm_parameter':
      return { name: withSlash(parameterNamed(of('name'))) };
    case 'vault_kv': {
      const { mount, path } = new Place(of('mount'), of('path'));
      return { mount, path, namespace: namespaceFrom(text(member.namespace) ?? undefined, process.env) };
    }
    case 'command':
      return { write: asStarted(strings(member.write) ?? []) };
    default:
      return {};
  }
}

/** A name with levels can have no other beginning. */
function withSlash(name: string): string {
  return /^[^/:]+\//.test(name) ? `/${name}` : name;
}

/** What is not null, in one order. */
function given(values: ObjectValue): (readonly [string, Value])[] {
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Who can open the pair, whoever of them was named first. */
function inAnyOrder(recipients: Value): Value {
  if (!Array.isArray(recipients)) return recipients;
  const all: readonly Value[] = recipients;
  return all.every((one) => typeof one === 'string') ? [...new Set(all)].sort() : all;
}
