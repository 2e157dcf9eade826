import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { ObjectValue } from '../../plugin/index.js';
import * as messages from '../messages.js';
import { flag, text } from '../values.js';
import { placeOf } from './declared.js';

/** Which places of a bucket want its keys for themselves, as they are planned. */
const claims = new Map<string, Map<string, boolean>>();

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
