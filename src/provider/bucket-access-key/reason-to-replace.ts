import type { ObjectValue } from '../../plugin/index.js';
import { isSame } from '../values.js';

/** Why the living key of a state cannot stay with the wanted attributes; null when it can. */
export function reasonToReplace(prior: ObjectValue, wanted: ObjectValue): string | null {
  if (prior.secret === null) return 'Its secret was never sent anywhere by this resource.';
  if (!isSame(prior.secret, wanted.secret)) {
    return 'Its secret is to go to another place, or there in another form.';
  }
  if (prior.secret_reference === null && prior.secret_access_key === null) {
    return 'Its secret is no longer where it was sent.';
  }
  return null;
}
