import { AT_APPLY } from '../../lifecycle/resource.js';
import type { ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { hasUnknown, isObject, text } from '../values.js';
import { declarations } from './declarations.js';
import { destinationIdentity } from './destination-identity.js';

/** How many instances want each bucket and destination, of the declarations that were looked at so far. */
const wanted = new Map<string, number>();
let lookedAt = 0;

/** Whether several instances want the same bucket's key at the same destination. */
export function isDeclaredTwice(config: ObjectValue): boolean {
  for (const declaration of declarations().slice(lookedAt)) {
    const place = placeOf(declaration);
    if (place !== null) wanted.set(place, (wanted.get(place) ?? 0) + 1);
    lookedAt += 1;
  }
  const place = placeOf(config);
  return place !== null && (wanted.get(place) ?? 0) > 1;
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
