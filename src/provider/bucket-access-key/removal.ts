import type { Follower } from '../../lifecycle/acceptance.js';
import { decideRemoval } from '../../lifecycle/decide-removal.js';
import type { StoredDecision } from '../../lifecycle/decide.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { keptForConsumers } from '../../lifecycle/messages/hooks.js';
import { announceRemoval, removeKeys, withoutFollowers } from '../../lifecycle/remove.js';
import type { RemovalContexts } from '../../lifecycle/remove.js';
import type { CallContext, ManagedResource, ObjectValue, PrivateData } from '../../plugin/index.js';
import { deletedWithLostNotes } from '../messages.js';
import type { Session } from '../session.js';
import { diagnose, tell } from '../tell.js';
import { assertMovedFromHere } from './adopt.js';
import { removeBesideOthers } from './beside-others.js';
import { hooksOf, NO_HOOKS } from './hooks.js';
import { keyContextOf, previousIn } from './key-contexts.js';
import { NO_MEMORY, UnreadableMemory, withAccounted, writeMemory } from './memory.js';
import type { Memory } from './memory.js';
import { sharedIdentityOf } from './secret-argument.js';
import { createOptionsOf, goingIn, recordedIn } from './state.js';
import type { Recorded } from './state.js';

const DELETION: StoredDecision = { current: 'delete', retires: false };

/**
 * Says what goes beside the keys of the state. Private data that cannot be read stay as they are: the deletion
 * says so.
 */
export const planRemoval: NonNullable<ManagedResource<Session>['planDestroy']> = async (
  { prior, privateData },
  session,
  context,
) => {
  try {
    const recorded = recordedIn(prior, privateData);
    removeBesideOthers(recorded, session, context);
    const memory = session.isIncomplete ? recorded.memory : await announce(recorded, session, context);
    await session.reportLeft('planned removal', context);
    return { privateData: writeMemory({ ...memory, decision: DELETION }) };
  } catch (error) {
    if (error instanceof LifecycleError) return { privateData };
    throw error;
  }
};

export const deleteKey: ManagedResource<Session>['delete'] = async (
  { prior, privateData },
  session,
  context,
) => {
  session.slots.beginsToChange();
  try {
    const recorded = recordedToRemove(prior, privateData, context);
    const { attributes, memory, bucket, current } = recorded;
    session.recall(recorded);
    const notAnnounced = session.notAnnouncedAt(sharedIdentityOf(prior));
    if (current && notAnnounced !== null) {
      throw new LifecycleError(keptForConsumers(bucket, current.id, notAnnounced), { subject: 'hook' });
    }
    holdKeys(recorded, session);
    const contexts = await removalContexts(recorded, session, context, 'apply');
    await assertMovedFromHere(contexts.current, prior, memory);
    // Whoever does not have a new key tried does not wait for S3 either.
    const follower = createOptionsOf(attributes).verifySeconds === null ? null : followerIn(memory);
    const own = await withoutFollowers(contexts, recorded);
    const { failures, remaining } = await session.inTurn(bucket, () => {
      const removals = decideRemoval(own, session.known);
      context.log.debug('Deleting keys', { planned_as: memory.decision?.current, removals });
      return removeKeys(contexts, removals, goingIn(own), follower);
    });
    await session.reportLeft('removal', context);
    for (const failure of failures) diagnose(failure, context);
    return {
      privateData: writeMemory({
        ...{ ...memory, decision: null, follower: null },
        leftovers: [...own.leftovers, ...remaining],
      }),
    };
  } catch (error) {
    diagnose(error, context);
    // Nothing was lost where Terraform has handed nothing on.
    return privateData.length === 0 ? { privateData: writeMemory(NO_MEMORY) } : undefined;
  }
};

function followerIn({ follower }: Memory): Follower | null {
  const [first] = Object.entries(follower ?? {});
  return first ? { id: first[0], createdAt: new Date(first[1]) } : null;
}

/** What cannot be remembered stops no deletion: it is said. */
function recordedToRemove(prior: ObjectValue, privateData: PrivateData, context: CallContext): Recorded {
  try {
    const recorded = recordedIn(prior, privateData);
    // Terraform hands nothing on where a tainted resource is made anew. What is lost, the plan of the removal has noted.
    if (privateData.length === 0) return withoutLoss(recorded);
    if (recorded.memory.isLost)
      tell(context, 'warning', deletedWithLostNotes(recorded.bucket, recorded.current?.id ?? null));
    return recorded;
  } catch (error) {
    if (!(error instanceof UnreadableMemory)) throw error;
    tell(context, 'warning', error.atDeletion);
    return withoutLoss(recordedIn(prior, new Uint8Array()));
  }
}

function withoutLoss(recorded: Recorded): Recorded {
  return { ...recorded, memory: { ...recorded.memory, isLost: false } };
}

/** Nothing here stops a destroy: what stands in the way of a look, the deletion meets and says. */
async function announce(recorded: Recorded, session: Session, context: CallContext): Promise<Memory> {
  const { memory } = recorded;
  session.recall(recorded);
  try {
    const contexts = await removalContexts(recorded, session, context, 'plan');
    const own = await withoutFollowers(contexts, recorded);
    const seen = await announceRemoval(contexts, goingIn(own));
    if (!seen) return memory;
    const { listing, follower: next } = seen;
    const follower = next && { [next.id]: (next.createdAt ?? listing.asOf).toISOString() };
    return { ...withAccounted(memory, listing.keys, session.known), follower };
  } catch (error) {
    if (error instanceof LifecycleError) return memory;
    throw error;
  }
}

/** Before anything is asked, so that no other resource of this process takes them for an unknown run's. */
function holdKeys({ current, previous }: Recorded, session: Session): void {
  for (const id of [current?.id ?? null, previous]) if (id !== null) session.holds(id);
}

async function removalContexts(
  recorded: Recorded,
  session: Session,
  context: CallContext,
  phase: 'plan' | 'apply',
): Promise<RemovalContexts> {
  const { attributes, memory } = recorded;
  const around = { state: attributes, context, redact: session.redact };
  const hooks = phase === 'apply' ? hooksOf(attributes, around) : NO_HOOKS;
  const current = await keyContextOf(attributes, session, context, memory, { hooks, phase });
  const previous = await keyContextOf(previousIn(recorded), session, context, memory, { hooks, phase });
  return { current, previous };
}
