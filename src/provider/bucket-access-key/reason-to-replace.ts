import type { ObjectValue } from '../../plugin/index.js';
import { isObject, isSame } from '../values.js';

/** Why the living key of a state cannot stay with the wanted attributes; null when it can. */
export function reasonToReplace(prior: ObjectValue, wanted: ObjectValue): string | null {
  if (prior.secret === null) return 'Its secret was never sent anywhere by this resource.';
  if (!isSame(prior.secret, wanted.secret)) {
    return 'Its secret is to go to another place, or there in another form.';
  }
  if ((prior.access_key_id ?? null) === null) return 'Its key is gone.';
  return isDelivered(prior) ? null : 'Its secret is no longer where it was sent.';
}

/** A refresh empties these attributes where it finds the pair gone. What a program was given cannot be asked for. */
function isDelivered(state: ObjectValue): boolean {
  if (isObject(state.secret) && isObject(state.secret.command)) return true;
  return ['secret_reference', 'secret_access_key', 'sealed_secret_access_key'].some(
    (name) => (state[name] ?? null) !== null,
  );
}
