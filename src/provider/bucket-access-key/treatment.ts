import type { ObjectValue, Value } from '../../plugin/index.js';
import { hasUnknown, isObject, isSame } from '../values.js';

/** What Parameter Store takes with a value only: a parameter gets it with its next pair. */
const WITH_VALUE = ['kms_key_id', 'tier'] as const;

/** Which of these are asked for otherwise than the present pair was stored; none where the pair is elsewhere. */
export function changedTreatment(before: ObjectValue, wanted: ObjectValue): readonly string[] {
  const [stored, asked] = [parameterIn(before.secret), parameterIn(wanted.secret)];
  if (!stored || !asked) return [];
  return WITH_VALUE.filter(
    (name) => !hasUnknown(asked[name]) && !isSame(stored[name] ?? null, asked[name] ?? null),
  );
}

function parameterIn(secret: Value | undefined): ObjectValue | null {
  const parameter = isObject(secret) ? secret.ssm_parameter : null;
  return isObject(parameter) ? parameter : null;
}
