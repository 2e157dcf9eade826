import { refreshKey } from '../../lifecycle/refresh-key.js';
import type { ManagedResource } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { text } from '../values.js';
import { readLeftovers, writeLeftovers } from './leftovers.js';
import { routeOf } from './route.js';
import { diagnose } from './diagnose.js';
import { keyAttributes, orderOf } from './state.js';

/** Null when the key is gone; without its secret at the destination, the state is left without a reference. */
export const readKey: ManagedResource<Session>['read'] = async ({ state, privateData }, session, context) => {
  const bucket = text(state.bucket_name);
  const id = text(state.access_key_id);
  if (session.isIncomplete || !bucket || !id) return { state, privateData };
  const inState = text(state.secret_access_key) !== null;
  const route = routeOf(state.secret, inState ? id : null) ?? { kind: 'none' };
  try {
    const world = await session.world(bucket, route, context);
    const found = await refreshKey(world, id, orderOf(state));
    if (found.state === 'gone') return { state: null };
    const delivered = found.delivered ? {} : { secret_reference: null, secret_access_key: null };
    const leftovers = new Set([...readLeftovers(privateData), ...found.leftovers.map(({ id }) => id)]);
    return {
      state: { ...state, ...keyAttributes(found.key), ...delivered },
      privateData: writeLeftovers([...leftovers]),
    };
  } catch (error) {
    diagnose(error, context);
    return { state, privateData };
  }
};
