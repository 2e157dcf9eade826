import type { AccessKey } from '../../lifecycle/access-key.js';
import { listKeysIfThere } from '../../lifecycle/list-keys.js';
import type { World } from '../../lifecycle/ports.js';
import type { LastRefresh } from '../../lifecycle/resource.js';
import { refreshKey } from '../../lifecycle/refresh-key.js';
import type { ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { isObject, text } from '../values.js';
import { placeOf } from './declared.js';
import { diagnose } from './diagnose.js';
import { readMemory, writeMemory } from './memory.js';
import type { Memory } from './memory.js';
import { assertMovedFromHere } from './move.js';
import { currentOf, routeOf } from './route.js';
import { deliveryAttributes, keyAttributes, NO_PREVIOUS, orderOf, policyOf } from './state.js';

type Answer = Awaited<ReturnType<ManagedResource<Session>['read']>>;

/** Null when no key of it lives; without its secret at the destination, the state is left without a reference. */
export const readKey: ManagedResource<Session>['read'] = async ({ state, privateData }, session, context) => {
  const bucket = text(state.bucket_name);
  const id = text(state.access_key_id);
  const previous = text(state.previous_access_key_id);
  if (session.isIncomplete || !bucket || !(id ?? previous)) return { state, privateData };
  try {
    const memory = readMemory(privateData, state);
    const delivered = holdsItself(state) ? currentOf(state) : undefined;
    const route = (memory.isUndelivered ? null : routeOf(state.secret, delivered)) ?? {
      kind: 'none' as const,
    };
    const world = await session.world(bucket, route, context, { madeIn: memory, phase: 'refresh' });
    if (previous) session.keeps(previous, null);
    session.looksAfter(memory.leftovers);
    if (id === null) return await withoutCurrent(world, state, memory);
    await assertMovedFromHere(world, state, memory);
    session.keeps(id, placeOf(state));
    const found = await refreshKey(world, id, orderOf(state), previous);
    if (found.state === 'gone') {
      session.foundGone(placeOf(state));
      return withoutKey(state, memory, found.listed, found.asOf);
    }
    const lastRefresh = refreshOf(found.asOf, found.previous, found.isPreviousRead);
    const leftovers = [...memory.leftovers, ...found.leftovers.map((key) => key.id)];
    return {
      state: {
        ...(found.delivered ? state : withoutPair(state)),
        ...keyAttributes(found.key, policyOf(state)),
        ...(!found.previous && NO_PREVIOUS),
      },
      privateData: writeMemory({ ...memory, ...(await session.origin(memory)), leftovers, lastRefresh }),
    };
  } catch (error) {
    diagnose(error, context);
    return { state, privateData };
  }
};

async function withoutCurrent(world: World, state: ObjectValue, memory: Memory): Promise<Answer> {
  const listing = await listKeysIfThere(world.keys);
  return withoutKey(state, memory, listing?.keys ?? [], listing?.asOf ?? null);
}

/** The current key is gone. Null would forget the previous one, and those that this resource still has to delete. */
function withoutKey(
  state: ObjectValue,
  memory: Memory,
  listed: readonly AccessKey[],
  asOf: Date | null,
): Answer {
  const previous = listed.find(({ id }) => id === state.previous_access_key_id) ?? null;
  const leftovers = memory.leftovers.filter((id) => listed.some((key) => key.id === id));
  if (!asOf || (!previous && leftovers.length === 0))
    return { state: null, privateData: writeMemory(memory) };
  return {
    state: { ...withoutPair(state), access_key_id: null, ...(!previous && NO_PREVIOUS) },
    privateData: writeMemory({ ...memory, leftovers, lastRefresh: refreshOf(asOf, previous) }),
  };
}

function withoutPair(state: ObjectValue): ObjectValue {
  return { ...state, ...deliveryAttributes(null, state.secret) };
}

function refreshOf(asOf: Date, previous: AccessKey | null, isRestored = false): LastRefresh {
  return { asOf, previous: previous && { status: previous.status, lastUse: previous.lastUse, isRestored } };
}

/** Where the state itself is the destination, an emptied attribute means that the secret is lost. */
function holdsItself({
  secret,
  secret_access_key: plain,
  sealed_secret_access_key: sealed,
}: ObjectValue): boolean {
  const isOutput = isObject(secret) && isObject(secret.terraform_output);
  return !isOutput || text(plain) !== null || text(sealed) !== null;
}
