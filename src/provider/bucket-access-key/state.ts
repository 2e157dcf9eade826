import type { AccessKey } from '../../lifecycle/access-key.js';
import type { Delivery } from '../../lifecycle/destination.js';
import type { Resource } from '../../lifecycle/resource.js';
import type { CreateOptions } from '../../lifecycle/issue-key.js';
import { DEFAULT_OVERLAP_HOURS, dueAt, retireAfter } from '../../lifecycle/rotation-policy.js';
import type { RotationPolicy } from '../../lifecycle/rotation-policy.js';
import type { OwnKeys } from '../../lifecycle/rotate.js';
import { instant } from '../../lifecycle/wording.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { ObjectValue, Value } from '../../plugin/index.js';
import { flag, integer, isObject, text } from '../values.js';

const DEFAULT_VERIFY_SECONDS = 60;

/** The configuration with the defaults filled in. */
export function withDefaults(config: ObjectValue): ObjectValue {
  return {
    ...config,
    exclusive: config.exclusive ?? false,
    verify: config.verify ?? true,
    verify_timeout_seconds: config.verify_timeout_seconds ?? DEFAULT_VERIFY_SECONDS,
  };
}

export function createOptionsOf(planned: ObjectValue): CreateOptions {
  return {
    exclusive: flag(planned.exclusive) ?? false,
    verifySeconds:
      (flag(planned.verify) ?? true)
        ? (integer(planned.verify_timeout_seconds) ?? DEFAULT_VERIFY_SECONDS)
        : null,
  };
}

export function policyOf({ rotation }: ObjectValue): RotationPolicy {
  const given = isObject(rotation) ? rotation : {};
  return {
    afterDays: integer(given.after_days),
    overlapHours: integer(given.overlap_hours) ?? DEFAULT_OVERLAP_HOURS,
    onStillUsed: given.on_still_used === 'retire' ? 'retire' : 'block',
  };
}

export function ownKeys({ current, previous, leftovers, former }: Resource): OwnKeys {
  return { current, previous, leftovers, former };
}

export function createdAtOf(state: ObjectValue): Date | null {
  const createdAt = text(state.created_at);
  return createdAt === null ? null : new Date(createdAt);
}

/** What a new key will have, and nobody knows yet. */
export function newKeyUnknowns({ secret, rotation }: ObjectValue): ObjectValue {
  const output = isObject(secret) ? secret.terraform_output : secret;
  const recipients = isObject(output) ? output.age_recipients : output;
  const isOutput = output === UNKNOWN || isObject(output);
  const afterDays = isObject(rotation) ? rotation.after_days : rotation;
  return {
    access_key_id: UNKNOWN,
    status: UNKNOWN,
    created_at: UNKNOWN,
    rotation_due_at: (afterDays ?? null) === null ? null : UNKNOWN,
    secret_reference: isObject(output) ? null : UNKNOWN,
    secret_access_key: isOutput && (recipients === UNKNOWN || recipients === null) ? UNKNOWN : null,
    sealed_secret_access_key: isOutput && recipients !== null ? UNKNOWN : null,
  };
}

export const NO_PREVIOUS: ObjectValue = { previous_access_key_id: null, retire_previous_after: null };

/** The previous key with the end of its overlap; `UNKNOWN` for one that may go. */
export function previousAttributes(
  previous: string | typeof UNKNOWN | null,
  currentCreatedAt: Date | null,
  policy: RotationPolicy,
): ObjectValue {
  if (previous === null) return NO_PREVIOUS;
  if (previous === UNKNOWN) return { previous_access_key_id: UNKNOWN, retire_previous_after: UNKNOWN };
  return {
    previous_access_key_id: previous,
    retire_previous_after: currentCreatedAt && instant(retireAfter(currentCreatedAt, policy)),
  };
}

export function keyAttributes(key: AccessKey, policy: RotationPolicy): ObjectValue {
  return {
    access_key_id: key.id,
    status: key.status,
    created_at: key.createdAt && instant(key.createdAt),
    ...dueAttribute(key.createdAt, policy),
  };
}

export function dueAttribute(createdAt: Date | null, policy: RotationPolicy): ObjectValue {
  const due = createdAt && dueAt(createdAt, policy);
  return { rotation_due_at: due && instant(due) };
}

/** What the state says of a delivery; null: of a pair that is not there. */
export function deliveryAttributes(delivery: Delivery | null, secret: Value | undefined): ObjectValue {
  // The one place where a secret enters the state: only where its author asked for that, in so many words.
  const isAsked = isObject(secret) && isObject(secret.terraform_output);
  return {
    secret_reference: delivery?.reference ?? null,
    secret_access_key: isAsked ? (delivery?.secret?.reveal() ?? null) : null,
    sealed_secret_access_key: isAsked ? (delivery?.sealed ?? null) : null,
  };
}

const KEPT = [
  'access_key_id',
  'status',
  'created_at',
  'secret_reference',
  'secret_access_key',
  'sealed_secret_access_key',
];

/** What a key that stays keeps. */
export function keptAttributes(prior: ObjectValue): ObjectValue {
  return Object.fromEntries(KEPT.map((name) => [name, prior[name] ?? null]));
}
