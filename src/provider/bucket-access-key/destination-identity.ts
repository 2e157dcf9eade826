import { AT_APPLY } from '../../lifecycle/resource.js';
import type { AtApply } from '../../lifecycle/resource.js';
import type { ObjectValue, Value } from '../../plugin/index.js';
import { hasUnknown, isObject } from '../values.js';

/** What of a destination says how a pair is treated there, and neither where it is nor in which form. */
const TREATMENT = new Set(['delete', 'kms_key_id', 'tier']);
const DEFAULT_FORMAT = 'sdk';

/** Where a pair is delivered under a `secret` argument and in which form, in one word; null where it is nowhere. */
export function destinationIdentity(secret: Value | undefined): string | null | AtApply {
  if (secret === null || secret === undefined) return null;
  if (!isObject(secret)) return AT_APPLY;
  const place = given(secret).map(([kind, member]) => [
    kind,
    isObject(member) ? placeIn(kind, member) : member,
  ]) as readonly Value[];
  return hasUnknown(place) ? AT_APPLY : JSON.stringify(place);
}

function placeIn(kind: string, member: ObjectValue): Value {
  const format: Value = member.format ?? DEFAULT_FORMAT;
  const place: ObjectValue = kind === 'terraform_output' ? member : { ...member, format };
  return given(place)
    .filter(([name]) => !TREATMENT.has(name))
    .map(([name, value]): Value => [name, name === 'age_recipients' ? inAnyOrder(value) : value]);
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
