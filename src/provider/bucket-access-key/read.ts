import { refreshKey } from '../../lifecycle/refresh-key.js';
import type { ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { isObject, text } from '../values.js';
import { readMemory, writeMemory } from './memory.js';
import { currentOf, routeOf } from './route.js';
import { placeOf } from './declared.js';
import { diagnose } from './diagnose.js';
import { deliveryAttributes, keyAttributes, orderOf } from './state.js';

/** Null when the key is gone; without its secret at the destination, the state is left without a reference. */
export const readKey: ManagedResource<Session>['read'] = async ({ state, privateData }, session, context) => {
  const bucket = text(state.bucket_name);
  const id = text(state.access_key_id);
  if (session.isIncomplete || !bucket || !id) return { state, privateData };
  const route = routeOf(state.secret, holdsItself(state) ? currentOf(state) : undefined) ?? { kind: 'none' };
  const { region, leftovers } = readMemory(privateData);
  try {
    const world = await session.world(bucket, route, context, region);
    session.keeps(id, placeOf(state));
    const found = await refreshKey(world, id, orderOf(state));
    const lost = { ...state, ...deliveryAttributes(null, state.secret) };
    if (found.state === 'gone') {
      session.foundGone(placeOf(state));
      const alive = leftovers.filter((key) => found.listed.includes(key));
      // Null would forget the keys that this resource still has to delete.
      return {
        state: alive.length > 0 ? { ...lost, access_key_id: null } : null,
        privateData: writeMemory(region, alive),
      };
    }
    return {
      state: { ...(found.delivered ? state : lost), ...keyAttributes(found.key) },
      privateData: writeMemory(world.keys.region, [...leftovers, ...found.leftovers.map((key) => key.id)]),
    };
  } catch (error) {
    diagnose(error, context);
    return { state, privateData };
  }
};

/** Where the state itself is the destination, an emptied attribute means that the secret is lost. */
function holdsItself({
  secret,
  secret_access_key: plain,
  sealed_secret_access_key: sealed,
}: ObjectValue): boolean {
  const isOutput = isObject(secret) && isObject(secret.terraform_output);
  return !isOutput || text(plain) !== null || text(sealed) !== null;
}
