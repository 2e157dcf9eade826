import { decideRefresh } from '../../lifecycle/decide-refresh.js';
import { keysOf } from '../../lifecycle/decide-shared.js';
import { listKeysIfThere } from '../../lifecycle/list-keys.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { refreshKey } from '../../lifecycle/refresh.js';
import type { Refreshed } from '../../lifecycle/refresh.js';
import type { KeyContext } from '../../lifecycle/ports.js';
import { keysAtStake } from '../../lifecycle/remove.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { isObject, text } from '../values.js';
import { placeOf } from './declared.js';
import { leave, refuse } from './diagnose.js';
import { withAccounted, writeMemory } from './memory.js';
import type { Memory } from './memory.js';
import { assertMovedFromHere } from './move.js';
import { goingIn, recordedIn } from './recorded.js';
import type { Recorded } from './recorded.js';
import { currentOf, routeOf } from './route.js';
import {
  createOptionsOf,
  deliveryAttributes,
  keyAttributes,
  NO_PREVIOUS,
  policyOf,
  previousAttributes,
} from './state.js';

/** Null when no key of it lives; without its secret at the destination, the state is left without a reference. */
export const readKey: ManagedResource<Session>['read'] = async ({ state, privateData }, session, context) => {
  const bucket = text(state.bucket_name);
  const id = text(state.access_key_id);
  const previous = text(state.previous_access_key_id);
  if (session.isIncomplete || !bucket || !(id ?? previous)) return { state, privateData };
  let isMove = false;
  try {
    const recorded = recordedIn(state, privateData);
    const { memory } = recorded;
    isMove = memory.isUnseen;
    session.owners.read({ resource: memory.resource, keys: keysOf(recorded) });
    const look = await found(recorded, session, context);
    const decision = decideRefresh(recorded, look.refreshed, look.atStake);
    if (decision.kind === 'forget')
      return { state: null, privateData: writeMemory({ ...memory, decision: null }) };
    const { hasPrevious, leftovers, lastRefresh } = decision;
    const isPresent = decision.kind === 'present';
    return {
      state: {
        ...(isPresent && decision.isDelivered ? state : withoutPair(state)),
        ...(isPresent ? keyAttributes(decision.key, policyOf(state)) : { access_key_id: null }),
        ...(!hasPrevious && NO_PREVIOUS),
        ...(isPresent &&
          hasPrevious &&
          previousAttributes(previous, decision.key.createdAt, policyOf(state))),
      },
      privateData: writeMemory({
        ...remembered(recorded, look.refreshed, session),
        decision: null,
        ...(isPresent && (await session.origin(memory))),
        leftovers,
        unlisted: session.unlisted([
          isPresent ? decision.key.id : null,
          hasPrevious ? previous : null,
          ...leftovers,
        ]),
        former: isPresent ? null : (id ?? memory.former),
        lastRefresh,
        isUnseen: false,
      }),
    };
  } catch (error) {
    // A move is its author's own change.
    if (isMove && error instanceof LifecycleError) refuse(error, context);
    else leave(error, context);
    return { state, privateData };
  }
};

/** The first look at a key of somebody else's making finds the bucket as it was before this resource. */
function remembered({ attributes, memory }: Recorded, { listed }: Refreshed, session: Session): Memory {
  const isFirst = memory.lastRefresh === null && memory.accounted === null && attributes.secret === null;
  return isFirst
    ? { ...memory, accounted: listed.map(({ id }) => id) }
    : withAccounted(memory, listed, session.known);
}

interface Look {
  readonly refreshed: Refreshed;
  /** IDs of keys in no state that may be this resource's, where its current one is gone. */
  readonly atStake: readonly string[];
}

async function found(recorded: Recorded, session: Session, context: CallContext): Promise<Look> {
  const { attributes, memory, bucket, current, previous, leftovers } = recorded;
  const delivered = holdsItself(attributes) ? currentOf(attributes) : undefined;
  const route = (memory.isUndelivered ? null : routeOf(attributes.secret, delivered)) ?? {
    kind: 'none' as const,
  };
  const keyContext = await session.keyContext(bucket, route, context, { madeIn: memory, phase: 'refresh' });
  session.recall(recorded);
  if (previous !== null) session.keeps(previous, null);
  session.looksAfter(leftovers);
  if (!current) {
    const listing = await listKeysIfThere(keyContext.keys);
    return lookBeside(recorded, keyContext, {
      state: 'gone',
      listed: listing?.keys ?? [],
      time: listing,
    });
  }
  await assertMovedFromHere(keyContext, attributes, memory);
  session.keeps(current.id, placeOf(attributes));
  const refreshed = await refreshKey(keyContext, current.id, createOptionsOf(attributes), previous);
  if (refreshed.state === 'gone') session.foundGone(placeOf(attributes));
  return lookBeside(recorded, keyContext, refreshed);
}

async function lookBeside(recorded: Recorded, keyContext: KeyContext, refreshed: Refreshed): Promise<Look> {
  if (refreshed.state !== 'gone' || !refreshed.time) return { refreshed, atStake: [] };
  const listing = { ...refreshed.time, keys: refreshed.listed };
  return { refreshed, atStake: await keysAtStake(keyContext, goingIn(recorded), listing) };
}

function withoutPair(state: ObjectValue): ObjectValue {
  return { ...state, ...deliveryAttributes(null, state.secret) };
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
