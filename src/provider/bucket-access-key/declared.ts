import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { ObjectValue } from '../../plugin/index.js';
import * as messages from '../messages.js';
import { flag, hasUnknown, text } from '../values.js';

/** How often each bucket and destination was validated in this process: Terraform does it once for each instance. */
const declared = new Map<string, number>();
/** Which places of a bucket want its keys for themselves, as they are planned. */
const claims = new Map<string, Map<string, boolean>>();

export function noteDeclared(config: ObjectValue): void {
  const place = placeOf(config);
  if (place !== null) declared.set(place, (declared.get(place) ?? 0) + 1);
}

/** Whether several instances want the same bucket's key at the same destination. */
export function isDeclaredTwice(config: ObjectValue): boolean {
  const place = placeOf(config);
  return place !== null && (declared.get(place) ?? 0) > 1;
}

/**
 * `exclusive` says that nobody else makes keys on the bucket, and what appears during a call without an answer is
 * deleted on its word: a second resource on the same bucket makes it untrue.
 */
export function exclusiveTwice(planned: ObjectValue): LifecycleError | null {
  const bucket = text(planned.bucket_name);
  const place = placeOf(planned);
  if (bucket === null || place === null) return null;
  const places = claims.get(bucket) ?? new Map<string, boolean>();
  claims.set(bucket, places.set(place, flag(planned.exclusive) ?? false));
  if (places.size === 1 || ![...places.values()].includes(true)) return null;
  return new LifecycleError(messages.exclusiveTwice(bucket, places.size), { subject: 'bucket' });
}

/** Bucket and destination in one word; null while something of them is not known. */
export function placeOf({ bucket_name: bucket, secret }: ObjectValue): string | null {
  return hasUnknown(bucket) || hasUnknown(secret) ? null : JSON.stringify([bucket, secret]);
}
