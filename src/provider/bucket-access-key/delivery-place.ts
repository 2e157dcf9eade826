import type { ObjectValue, Value } from '../../plugin/index.js';
import { isObject, isSame } from '../values.js';

/** What of a destination says how a pair is treated there, and neither where it is nor in which form. */
const TREATMENT = new Set(['delete', 'kms_key_id', 'tier']);
const DEFAULT_FORMAT = 'sdk';

/** Whether a pair that was delivered under the one `secret` is where and as the other one wants it. */
export function isSamePlace(one: Value | undefined, other: Value | undefined): boolean {
  return isSame(placeIn(one), placeIn(other));
}

function placeIn(secret: Value | undefined): Value | undefined {
  if (!isObject(secret)) return secret;
  return Object.fromEntries(
    Object.entries(secret).map(([kind, member]) => [
      kind,
      isObject(member) ? memberPlace(kind, member) : member,
    ]),
  );
}

function memberPlace(kind: string, member: ObjectValue): ObjectValue {
  const place: Record<string, Value> = {};
  for (const [name, value] of Object.entries(member)) {
    if (!TREATMENT.has(name)) place[name] = name === 'age_recipients' ? inAnyOrder(value) : value;
  }
  return kind === 'terraform_output' ? place : { ...place, format: place.format ?? DEFAULT_FORMAT };
}

/** Who can open the pair, whoever of them was named first. */
function inAnyOrder(recipients: Value): Value {
  if (!Array.isArray(recipients)) return recipients;
  const all: readonly Value[] = recipients;
  return all.every((one) => typeof one === 'string') ? [...new Set(all)].sort() : all;
}
