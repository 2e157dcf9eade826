import { instant } from '../../lifecycle/wording.js';
import type { AccessKey } from '../../lifecycle/access-key.js';
import type { Delivery } from '../../lifecycle/destination.js';
import type { Order } from '../../lifecycle/issue-key.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { ObjectValue, Value } from '../../plugin/index.js';
import { flag, integer, isObject } from '../values.js';

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

export function orderOf(planned: ObjectValue): Order {
  return {
    exclusive: flag(planned.exclusive) ?? false,
    verifySeconds:
      (flag(planned.verify) ?? true)
        ? (integer(planned.verify_timeout_seconds) ?? DEFAULT_VERIFY_SECONDS)
        : null,
  };
}

/** What a new key will have, and nobody knows yet. */
export function newKeyUnknowns(secret: Value | undefined): ObjectValue {
  const output = isObject(secret) ? secret.terraform_output : secret;
  const recipients = isObject(output) ? output.age_recipients : output;
  const isOutput = output === UNKNOWN || isObject(output);
  return {
    access_key_id: UNKNOWN,
    status: UNKNOWN,
    created_at: UNKNOWN,
    secret_reference: isObject(output) ? null : UNKNOWN,
    secret_access_key: isOutput && (recipients === UNKNOWN || recipients === null) ? UNKNOWN : null,
    sealed_secret_access_key: isOutput && recipients !== null ? UNKNOWN : null,
  };
}

export function keyAttributes(key: AccessKey): ObjectValue {
  return { access_key_id: key.id, status: key.status, created_at: instant(key.createdAt) };
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
