import { NOWHERE } from '../../destinations/nowhere.js';
import { decideRefresh } from '../../lifecycle/decide-refresh.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { listedAgain, listKeysUnlessGone } from '../../lifecycle/list-keys.js';
import type { KeyContext } from '../../lifecycle/ports.js';
import { refreshKey } from '../../lifecycle/refresh.js';
import type { Refreshed } from '../../lifecycle/refresh.js';
import { isMoreAtStake } from '../../lifecycle/remove.js';
import { keysOf } from '../../lifecycle/resource.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { leave, refuse } from '../tell.js';
import { text } from '../values.js';
import { assertMovedFromHere } from './adopt.js';
import { withAccounted, writeMemory } from './memory.js';
import type { Memory } from './memory.js';
import { currentOf, destinationIn, identityOf, isInState } from './secret-argument.js';
import {
  createOptionsOf,
  deliveryAttributes,
  goingIn,
  keyAttributes,
  NO_PREVIOUS,
  policyOf,
  previousAttributes,
  recordedIn,
} from './state.js';
import type { Recorded } from './state.js';

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
    const decision = decideRefresh(recorded, look.refreshed, look.isMoreAtStake);
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
        ...noted(recorded, look.refreshed),
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

/** Lost notes are made anew once every key of the bucket is a known resource's. */
function noted({ memory, previous }: Recorded, refreshed: Refreshed): Partial<Memory> {
  if (!memory.isLost || refreshed.state !== 'alive') return {};
  const { unaccounted, listed } = refreshed;
  // Of the pair of a previous key only this refresh speaks, and a destroy does not show what it says.
  return previous === null && unaccounted.length === 0
    ? { isLost: false, reported: null, accounted: listed.map(({ id }) => id) }
    : { reported: unaccounted.map(({ id }) => id) };
}

interface Look {
  readonly refreshed: Refreshed;
  /** Keys in no state may be this resource's, where its current one is gone, or may still come. */
  readonly isMoreAtStake: boolean;
}

async function found(recorded: Recorded, session: Session, context: CallContext): Promise<Look> {
  const { attributes, memory, bucket, current, previous, leftovers } = recorded;
  const delivered = holdsItself(attributes) ? currentOf(attributes) : undefined;
  const wanted = memory.isUndelivered ? null : destinationIn(attributes.secret, delivered);
  const choice = wanted ?? NOWHERE;
  const keyContext = await session.keyContext(bucket, choice, context, { madeIn: memory, phase: 'refresh' });
  session.recall(recorded);
  if (previous !== null) session.keeps(previous, null);
  session.looksAfter(leftovers);
  if (!current) {
    const first = await listKeysUnlessGone(keyContext);
    const own = [...(previous === null ? [] : [previous]), ...leftovers];
    const listing = first && (await listedAgain(keyContext, first, own));
    return lookBeside(recorded, keyContext, {
      state: 'gone',
      listed: listing?.keys ?? [],
      time: listing,
    });
  }
  await assertMovedFromHere(keyContext, attributes, memory);
  session.keeps(current.id, identityOf(attributes));
  const options = {
    ...createOptionsOf(attributes),
    ...(memory.isLost && {
      hasForgotten: { reported: memory.reported ?? [], isFirst: memory.reported === null },
    }),
  };
  const refreshed = await refreshKey(keyContext, current.id, options, previous);
  if (refreshed.state === 'gone') session.foundGone(identityOf(attributes));
  return lookBeside(recorded, keyContext, refreshed);
}

async function lookBeside(recorded: Recorded, keyContext: KeyContext, refreshed: Refreshed): Promise<Look> {
  if (refreshed.state !== 'gone' || !refreshed.time) return { refreshed, isMoreAtStake: false };
  const listing = { ...refreshed.time, keys: refreshed.listed };
  return { refreshed, isMoreAtStake: await isMoreAtStake(keyContext, goingIn(recorded), listing) };
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
  return !isInState(secret) || text(plain) !== null || text(sealed) !== null;
}
