import type { AccessKey } from '../../lifecycle/access-key.js';
import { issueKey } from '../../lifecycle/issue-key.js';
import type { Issued } from '../../lifecycle/issue-key.js';
import { LifecycleError, reasonOf } from '../../lifecycle/lifecycle-error.js';
import type { World } from '../../lifecycle/ports.js';
import { removeKey } from '../../lifecycle/remove-key.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { text } from '../values.js';
import { diagnose } from './diagnose.js';
import { readMemory, writeMemory } from './memory.js';
import { reasonToReplace } from './reason-to-replace.js';
import { currentOf, routeOf } from './route.js';
import { deliveryAttributes, keptAttributes, keyAttributes, orderOf } from './state.js';

export const createKey: ManagedResource<Session>['create'] = async ({ planned }, session, context) => {
  let region: string | null = null;
  try {
    const world = await worldToIssue(planned, session, context, null);
    region = world.keys.region;
    const issued = await issue(planned, world, session);
    session.delivered(world, issued.key.id);
    return { state: stateOf(planned, issued), privateData: writeMemory(world.keys.region, []) };
  } catch (error) {
    const { remains } = diagnose(error, context);
    // A state beside the error is saved as tainted, so that the key is not lost.
    return { state: remains ? tainted(planned, remains) : null, privateData: writeMemory(region, []) };
  }
};

/** Another route, or a secret that was lost: a new key first, and then the old one goes. */
export const updateKey: ManagedResource<Session>['update'] = async (
  { prior, planned, privateData },
  session,
  context,
) => {
  const { region, leftovers } = readMemory(privateData);
  const previous = text(prior.access_key_id) ?? '';
  if (previous) session.replaces(previous);
  let remaining: readonly string[] = leftovers;
  try {
    const old = await worldOf(prior, session, context, region);
    remaining = await deleteAll(leftovers, old, session, context);
    // What was not known at plan may have turned out to be what it was.
    if (planned.access_key_id !== UNKNOWN || !reasonToReplace(prior, planned)) {
      return { state: { ...planned, ...keptAttributes(prior) }, privateData: writeMemory(region, remaining) };
    }
    const world = await worldToIssue(planned, session, context, region);
    const issued = await issue(planned, world, session);
    const state = stateOf(planned, issued);
    remaining = [...remaining, ...(await deleteAll(previous ? [previous] : [], old, session, context))];
    session.delivered(world, issued.key.id);
    return { state, privateData: writeMemory(world.keys.region, remaining) };
  } catch (error) {
    const { remains } = diagnose(error, context);
    // The prior state keeps the work due; a key that could not be withdrawn is remembered beside it.
    const owned = remains ? [...remaining, remains.id] : remaining;
    return { state: prior, privateData: writeMemory(region, owned) };
  }
};

export const deleteKey: ManagedResource<Session>['delete'] = async (
  { prior, privateData },
  session,
  context,
) => {
  const id = text(prior.access_key_id);
  const { region, leftovers } = readMemory(privateData);
  try {
    const world = await worldOf(prior, session, context, region);
    await session.inTurn(world.keys.bucket, async () => {
      for (const key of [...(id ? [id] : []), ...leftovers]) {
        await removeKey(world, key).catch((error: unknown) => diagnose(error, context));
      }
    });
  } catch (error) {
    diagnose(error, context);
  }
  return undefined;
};

function issue(planned: ObjectValue, world: World, session: Session): Promise<Issued> {
  return session.inTurn(world.keys.bucket, () => issueKey(orderOf(planned), world));
}

/** Deletes keys of this resource that are no longer current; answers those that may still be there. */
async function deleteAll(
  ids: readonly string[],
  world: World,
  session: Session,
  context: CallContext,
): Promise<string[]> {
  const remaining: string[] = [];
  for (const id of ids) {
    await session
      .inTurn(world.keys.bucket, () => removeKey(world, id))
      .catch((error: unknown) => {
        remaining.push(id);
        const summary = `Key ${id} of bucket ${world.keys.bucket} could not be deleted`;
        const detail = error instanceof LifecycleError ? error.detail : reasonOf(error);
        context.diagnostics.warning(summary, `${detail} The next apply tries again.`);
      });
  }
  return remaining;
}

function worldOf(
  attributes: ObjectValue,
  session: Session,
  context: CallContext,
  madeIn: string | null,
): Promise<World> {
  const route = routeOf(attributes.secret, currentOf(attributes)) ?? { kind: 'none' as const };
  return session.world(text(attributes.bucket_name) ?? '', route, context, madeIn);
}

/** Only with a destination: a key whose secret has nowhere to go is never made. */
async function worldToIssue(
  planned: ObjectValue,
  session: Session,
  context: CallContext,
  madeIn: string | null,
): Promise<World> {
  const bucket = text(planned.bucket_name);
  const route = routeOf(planned.secret, currentOf(planned));
  if (bucket && route && route.kind !== 'none') return session.world(bucket, route, context, madeIn);
  throw new LifecycleError(
    bucket ? `The key of bucket ${bucket} has no destination for its secret` : 'The key has no bucket',
    'What the configuration refers to has turned out to be null. No key was made. Give bucket_name and one member of secret values that are never null.',
    { subject: bucket ? 'destination' : 'bucket' },
  );
}

function stateOf(planned: ObjectValue, { key, delivery }: Issued): ObjectValue {
  return { ...planned, ...keyAttributes(key), ...deliveryAttributes(delivery, planned.secret) };
}

function tainted(planned: ObjectValue, remains: AccessKey): ObjectValue {
  return { ...planned, ...keyAttributes(remains), ...deliveryAttributes(null, planned.secret) };
}
