import { AT_APPLY } from '../../lifecycle/resource.js';
import type { ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { hasUnknown, isObject, text } from '../values.js';
import { destinationIdentity } from './destination-identity.js';

/** How often each bucket and destination was validated in this process: Terraform does it once for each instance. */
const declared = new Map<string, number>();

export function noteDeclared(config: ObjectValue): void {
  const place = placeOf(config);
  if (place !== null) declared.set(place, (declared.get(place) ?? 0) + 1);
}

/** Whether several instances want the same bucket's key at the same destination. */
export function isDeclaredTwice(config: ObjectValue): boolean {
  const place = placeOf(config);
  return place !== null && (declared.get(place) ?? 0) > 1;
}

/** For whom its journal is lost: the state says whose the pair at a destination is. */
export function noteDelivery(state: ObjectValue, session: Session): void {
  const [id, reference] = [text(state.access_key_id), text(state.secret_reference)];
  if (id !== null && reference !== null) session.hasDelivered(id, reference);
}

/** Bucket and destination in one word, however they are written; null while something of them is not known. */
export function placeOf({
  bucket_name: bucket,
  secret,
  secret_reference: reference,
}: ObjectValue): string | null {
  const destination = destinationIdentity(secret, text(reference));
  return hasUnknown(bucket) || destination === AT_APPLY ? null : JSON.stringify([bucket, destination]);
}

/** The same where another resource's pair could take the place of this one's: a state is its own resource's. */
export function sharedPlaceOf(config: ObjectValue): string | null {
  const { secret } = config;
  return isObject(secret) && isObject(secret.terraform_output) ? null : placeOf(config);
}
