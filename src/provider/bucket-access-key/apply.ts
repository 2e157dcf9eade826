import type { AccessKey } from '../../lifecycle/access-key.js';
import { issueKey } from '../../lifecycle/issue-key.js';
import type { Issued } from '../../lifecycle/issue-key.js';
import type { World } from '../../lifecycle/ports.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { removeKey } from '../../lifecycle/remove-key.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { text } from '../values.js';
import { diagnose } from './diagnose.js';
import { readLeftovers, writeLeftovers } from './leftovers.js';
import { reasonToReplace } from './reason-to-replace.js';
import { currentOf, routeOf } from './route.js';
import { deliveryAttributes, keptAttributes, keyAttributes, orderOf } from './state.js';

export const createKey: ManagedResource<Session>['create'] = async ({ planned }, session, context) => {
  try {
    const { key, delivery } = await issue(planned, session, context);
    return { state: { ...planned, ...keyAttributes(key), ...deliveryAttributes(delivery) } };
  } catch (error) {
    const { remains } = diagnose(error, context);
    // A state beside the error is saved as tainted, so that the key is not lost.
    return { state: remains ? tainted(planned, remains) : null };
  }
};

/** Another route, or a secret that was lost: a new key first, and then the old one goes. */
export const updateKey: ManagedResource<Session>['update'] = async (
  { prior, planned, privateData },
  session,
  context,
) => {
  const previous = text(prior.access_key_id) ?? '';
  session.sawInState(previous);
  const remaining = await deleteAll(readLeftovers(privateData), prior, session, context);
  // What was not known at plan may have turned out to be what it was.
  if (planned.access_key_id !== UNKNOWN || !reasonToReplace(prior, planned)) {
    return { state: { ...planned, ...keptAttributes(prior) }, privateData: writeLeftovers(remaining) };
  }
  try {
    const { key, delivery } = await issue(planned, session, context);
    const old = await deleteAll([previous], prior, session, context);
    const state = { ...planned, ...keyAttributes(key), ...deliveryAttributes(delivery) };
    return { state, privateData: writeLeftovers([...remaining, ...old]) };
  } catch (error) {
    const { remains } = diagnose(error, context);
    // The prior state keeps the work due; a key that could not be withdrawn is remembered beside it.
    return { state: prior, privateData: writeLeftovers(remains ? [...remaining, remains.id] : remaining) };
  }
};

export const deleteKey: ManagedResource<Session>['delete'] = async (
  { prior, privateData },
  session,
  context,
) => {
  const id = text(prior.access_key_id);
  const owned = [...(id ? [id] : []), ...readLeftovers(privateData)];
  try {
    const world = await worldOf(prior, session, context);
    await session.inTurn(world.keys.bucket, async () => {
      for (const key of owned) {
        await removeKey(world, key).catch((error: unknown) => diagnose(error, context));
      }
    });
  } catch (error) {
    diagnose(error, context);
  }
  return undefined;
};

async function issue(planned: ObjectValue, session: Session, context: CallContext): Promise<Issued> {
  const world = await worldOf(planned, session, context);
  return session.inTurn(world.keys.bucket, async () => {
    const issued = await issueKey(orderOf(planned), world);
    session.delivered(world, issued.key.id);
    return issued;
  });
}

/** Deletes keys of this resource that are no longer current; answers those that are still there. */
async function deleteAll(
  ids: readonly string[],
  prior: ObjectValue,
  session: Session,
  context: CallContext,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const world = await worldOf(prior, session, context);
  const remaining: string[] = [];
  for (const id of ids) {
    await session
      .inTurn(world.keys.bucket, () => removeKey(world, id))
      .catch((error: unknown) => {
        if (!(error instanceof LifecycleError)) throw error;
        remaining.push(id);
        context.diagnostics.warning(error.summary, `${error.detail} The next apply tries again.`);
      });
  }
  return remaining;
}

function worldOf(attributes: ObjectValue, session: Session, context: CallContext): Promise<World> {
  const route = routeOf(attributes.secret, currentOf(attributes)) ?? { kind: 'none' as const };
  return session.world(text(attributes.bucket_name) ?? '', route, context);
}

function tainted(planned: ObjectValue, remains: AccessKey): ObjectValue {
  return { ...planned, ...keyAttributes(remains), ...deliveryAttributes(null) };
}
