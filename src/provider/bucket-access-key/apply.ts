import type { AccessKey } from '../../lifecycle/access-key.js';
import { causeToReplace, needsStatus } from '../../lifecycle/cause.js';
import { assertWritable } from '../../lifecycle/create.js';
import { issueKey } from '../../lifecycle/issue-key.js';
import type { Issued } from '../../lifecycle/issue-key.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { KeyContext } from '../../lifecycle/ports.js';
import { statusUndetermined } from '../../lifecycle/refusals.js';
import { updateKeys } from '../../lifecycle/rotate.js';
import type { UpdatedKeys } from '../../lifecycle/rotate.js';
import { once } from '../../lifecycle/snapshot.js';
import type { ApplyResult, CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import { nothingDecided } from '../messages.js';
import type { Session } from '../session.js';
import { diagnose, tell } from '../tell.js';
import { isObject, text } from '../values.js';
import { assertMovedFromHere } from './adopt.js';
import { hooksOf } from './hooks.js';
import { keyContextOf, keyContextToIssue, previousIn } from './key-contexts.js';
import { newMemory, NO_MEMORY, writeMemory } from './memory.js';
import type { Memory, Origin } from './memory.js';
import { changedTreatment, sharedIdentityOf } from './secret-argument.js';
import {
  configurationIn,
  createdAtOf,
  createOptionsOf,
  deliveryAttributes,
  dueAttribute,
  keptAttributes,
  keyAttributes,
  NO_PREVIOUS,
  ownKeys,
  policyOf,
  previousAttributes,
  recordedIn,
} from './state.js';
import type { Recorded } from './state.js';

export const createKey: ManagedResource<Session>['create'] = async ({ planned }, session, context) => {
  let origin: Origin = NO_MEMORY;
  session.slots.beginsToChange();
  try {
    const hooks = hooksOf(planned, { context, redact: session.redact });
    const keyContext = await keyContextToIssue(planned, session, context, { madeIn: null, hooks });
    origin = await session.origin();
    session.owners.beginsToMake();
    const issued = await session.inTurn(keyContext.keys.bucket, () =>
      issueKey(createOptionsOf(planned), keyContext),
    );
    const failedHook = await keyContext.hooks.created(issued.key.id, issued.delivery.reference);
    // An error would taint a good key: the hook is remembered and run again.
    if (failedHook) {
      tell(context, 'warning', failedHook.said, ['hooks']);
      session.notAnnounced(sharedIdentityOf(planned), issued.key.id);
    }
    session.delivered(keyContext, issued.key.id);
    const state = { ...planned, ...NO_PREVIOUS, ...deliveredAttributes(planned, issued) };
    return {
      state,
      privateData: writeMemory(
        newMemory({
          ...origin,
          unlisted: session.unlisted([issued.key.id]),
          tried: session.tried([issued.key.id]),
          accounted: issued.beside ?? null,
          isHookPending: failedHook !== null,
        }),
      ),
    };
  } catch (error) {
    const { remains } = diagnose(error, context);
    // A state beside the error is saved as tainted, so that the key is not lost.
    const state = remains ? tainted(planned, remains) : null;
    const unlisted = session.unlisted([remains?.id ?? null]);
    // Its author may take the taint away.
    return { state, privateData: writeMemory(newMemory({ ...origin, unlisted, hasFailed: true })) };
  }
};

/** Everything that befalls living keys: another takes their place, the one before is retired, leftovers go. */
export const updateKey: ManagedResource<Session>['update'] = async (
  { prior, planned, privateData },
  session,
  context,
) => {
  let memory: Memory | null = null;
  session.slots.beginsToChange();
  try {
    const recorded = recordedIn(prior, privateData);
    ({ memory } = recorded);
    return await carryOut(recorded, planned, session, context);
  } catch (error) {
    diagnose(error, context);
    return { state: prior, privateData: memory ? writeMemory({ ...memory, decision: null }) : privateData };
  }
};

/** As the plan that Terraform makes once more before it applies has decided, with everything known. */
async function carryOut(
  recorded: Recorded,
  planned: ObjectValue,
  session: Session,
  context: CallContext,
): Promise<ApplyResult> {
  const { attributes, memory, bucket, current } = recorded;
  const { current: decided = 'undecided', retires = false } = memory.decision ?? {};
  if (decided === 'undecided') throw new LifecycleError(nothingDecided(bucket, current?.id ?? null));
  const [rotates, takesOver] = [decided === 'rotate', decided === 'take over'];
  const cause = rotates ? causeToReplace(recorded, configurationIn(planned, attributes)) : null;
  if (cause && needsStatus(cause, current)) throw statusUndetermined(bucket, current);
  const hooks = hooksOf(planned, { state: attributes, context, redact: session.redact });
  const open = (state: ObjectValue) => keyContextOf(state, session, context, memory, { hooks });
  session.recall(recorded);
  const here = await open(attributes);
  await assertMovedFromHere(here, attributes, memory);
  const origin = await session.origin(memory);
  if (current) session.keeps(current.id, null);
  session.hasDelivered(attributes);
  if (current && rotates) session.replaces(current.id, current.id);
  const contexts = {
    next: once(() => keyContextToIssue(planned, session, context, { madeIn: memory, hooks })),
    current: here,
    previous: await open(previousIn(recorded)),
  };
  const stays = current !== null && !rotates && !takesOver;
  // Nothing is written with what has changed, so its fault would be found at the next rotation.
  if (stays && changedTreatment(attributes, planned).length > 0) await assertWritable(await open(planned));
  const failedHook =
    current && recorded.isHookPending && !rotates ? await runHookAgain(recorded, here) : null;
  const work = {
    // As long as its consumers do not know of the current key, the previous one has to stay.
    retires: retires && !failedHook,
    rotates,
    takesOver,
  };
  const order = { ...createOptionsOf(planned), needsStatus: cause !== null && cause.kind !== 'asked' };
  const updated = await session.inTurn(here.keys.bucket, () =>
    updateKeys(contexts, order, policyOf(planned), ownKeys(recorded), work),
  );
  const delivered = updated.issued ?? updated.taken;
  if (delivered) session.delivered(await contexts.next(), delivered.key.id);
  for (const failure of [...(failedHook ? [failedHook] : []), ...updated.failures])
    diagnose(failure, context);
  const isHookPending = updated.issued
    ? updated.isHookPending
    : failedHook !== null || (rotates && recorded.isHookPending);
  return {
    state: stateAfter(recorded, planned, updated, rotates || takesOver),
    privateData: writeMemory({
      ...memoryAfter(recorded, updated, isHookPending),
      ...origin,
      unlisted: session.unlisted([updated.current, updated.previous, ...updated.leftovers]),
      tried: session.tried([updated.current, updated.previous]),
    }),
  };
}

/** Null when it has done its work. */
function runHookAgain(
  { attributes, current }: Recorded,
  keyContext: KeyContext,
): Promise<LifecycleError | null> {
  return keyContext.hooks.created(current?.id ?? '', text(attributes.secret_reference));
}

function stateAfter(
  { attributes }: Recorded,
  planned: ObjectValue,
  updated: UpdatedKeys,
  wasToDeliver: boolean,
): ObjectValue {
  const delivered = updated.issued ?? takenAsPlanned(updated.taken, attributes);
  if (delivered) {
    return {
      ...planned,
      ...deliveredAttributes(planned, delivered),
      ...previousAttributes(updated.previous, delivered.key.createdAt, policyOf(planned)),
    };
  }
  // Terraform saves an update that failed as it is told: what the author had before keeps the work due.
  const reference = text(planned.secret_reference) ?? text(attributes.secret_reference);
  const base = wasToDeliver
    ? attributes
    : { ...planned, ...keptAttributes(attributes), secret_reference: reference };
  const createdAt = createdAtOf(attributes);
  const policy = policyOf(base);
  return {
    ...base,
    ...dueAttribute(createdAt, policy),
    ...(updated.current === null && { access_key_id: null }),
    ...previousAttributes(updated.previous, createdAt, policy),
  };
}

/** AWS may tell only one of plan and apply when the key was made: what was planned counts, and the next refresh looks. */
function takenAsPlanned(taken: Issued | null, attributes: ObjectValue): Issued | null {
  return taken && { ...taken, key: { ...taken.key, createdAt: createdAtOf(attributes) } };
}

function memoryAfter(
  { attributes, memory, current }: Recorded,
  updated: UpdatedKeys,
  isHookPending: boolean,
): Omit<Memory, keyof Origin | 'unlisted' | 'tried'> {
  const hasRotated = updated.issued !== null && updated.previous === (current?.id ?? null);
  const previousSecret =
    hasRotated && isObject(attributes.secret) ? attributes.secret : memory.previousSecret;
  const wasDelivered = updated.issued ?? updated.taken;
  return {
    resource: memory.resource,
    leftovers: updated.leftovers,
    former: wasDelivered ? null : memory.former,
    accounted: updated.issued?.beside ?? memory.accounted,
    lastRefresh: null,
    previousSecret: updated.previous === null ? null : previousSecret,
    isHookPending,
    decision: null,
    follower: null,
    isLost: memory.isLost,
    reported: memory.reported,
    isUnseen: memory.isUnseen && !wasDelivered,
    hasFailed: memory.hasFailed && !wasDelivered,
    isUndelivered: !wasDelivered && (memory.isUndelivered || (attributes.secret ?? null) === null),
  };
}

function deliveredAttributes(planned: ObjectValue, { key, delivery }: Issued): ObjectValue {
  return { ...keyAttributes(key, policyOf(planned)), ...deliveryAttributes(delivery, planned.secret) };
}

function tainted(planned: ObjectValue, remains: AccessKey): ObjectValue {
  return {
    ...planned,
    ...NO_PREVIOUS,
    ...keyAttributes(remains, policyOf(planned)),
    ...deliveryAttributes(null, planned.secret),
  };
}
