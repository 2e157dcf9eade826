import { announceIssue } from '../../lifecycle/announce.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { isSame, text } from '../values.js';
import { isDeclaredTwice, placeOf } from './declared.js';
import { diagnose } from './diagnose.js';
import { readMemory } from './memory.js';
import type { Memory } from './memory.js';
import { reasonToReplace } from './reason-to-replace.js';
import { routeOf } from './route.js';
import { keptAttributes, newKeyUnknowns, orderOf, withDefaults } from './state.js';

export const planKey: ManagedResource<Session>['plan'] = async (
  { config, prior, proposed, privateData },
  session,
  context,
) => {
  const wanted = withDefaults({ ...proposed, ...onlyConfigured(config, proposed) });
  const create: ObjectValue = { ...wanted, ...newKeyUnknowns(config.secret) };
  if (!prior) {
    await announceCreation(create, config, session, context);
    return { planned: create };
  }
  const id = text(prior.access_key_id);
  if (id) session.keeps(id, placeOf(prior));
  if (!isSame(prior.bucket_name, config.bucket_name)) {
    if (id) session.replaces(id);
    return { planned: create, requiresReplace: [['bucket_name']] };
  }
  const { region, leftovers } = readMemory(privateData);
  const reason = reasonToReplace(prior, config);
  if (reason && (await announceReplacement(reason, prior, create, session, context, { region, leftovers }))) {
    return { planned: create, privateData };
  }
  // A change that Terraform can see is needed for an apply to delete them.
  const work: ObjectValue = leftovers.length > 0 ? { status: UNKNOWN } : {};
  for (const id of leftovers) {
    context.diagnostics.warning(
      `Key ${id} of bucket ${text(prior.bucket_name) ?? ''} will be deleted`,
      'This resource made it, and it is not the current key: an earlier run replaced it, had to withdraw it, or got no answer when it made it. Nobody uses its secret.',
    );
  }
  return { planned: { ...wanted, ...keptAttributes(prior), ...work }, privateData };
};

/**
 * Announces a new key in place of a living one; answers whether it is to be made. What the author asked for and
 * cannot be is an error. A repair that cannot be is a warning: it must not block the stack's other work, nor a destroy.
 */
async function announceReplacement(
  reason: string,
  prior: ObjectValue,
  planned: ObjectValue,
  session: Session,
  context: CallContext,
  { region, leftovers }: Memory,
): Promise<boolean> {
  const id = text(prior.access_key_id) ?? '';
  const bucket = text(prior.bucket_name) ?? '';
  if (id) session.replaces(id);
  const isAsked = !isSame(prior.secret, planned.secret) && prior.secret !== null;
  try {
    await announce(planned, session, context, id, leftovers, region);
  } catch (error) {
    if (isAsked || !(error instanceof LifecycleError)) {
      diagnose(error, context);
      return true;
    }
    context.diagnostics.warning(
      `Key ${id} of bucket ${bucket} should be replaced, and cannot be now: ${error.summary}`,
      `${reason} ${error.detail} The key is left as it is until that is mended.`,
    );
    return false;
  }
  context.diagnostics.warning(
    `Key ${id} of bucket ${bucket} will be replaced by a new one`,
    `${reason} A key's secret is shown only once, so apply makes a new key, delivers it, and then deletes ${id}.`,
    ['secret'],
  );
  return true;
}

/** Announces the first key of a resource, or what follows one that is replaced or gone. */
async function announceCreation(
  planned: ObjectValue,
  config: ObjectValue,
  session: Session,
  context: CallContext,
): Promise<void> {
  const place = placeOf(config);
  const predecessor = session.holderOf(place);
  // Terraform asks without a prior state for a replacement as well; a second resource of this place is none.
  if (predecessor && !isDeclaredTwice(config)) session.replaces(predecessor);
  await announce(planned, session, context, null).catch((error: unknown) => {
    if (!session.wasGone(place) || !(error instanceof LifecycleError)) return diagnose(error, context);
    context.diagnostics.warning(
      error.summary,
      `${error.detail} Apply will refuse, too, until that is mended.`,
    );
    return error;
  });
}

/** Announces the work of the apply while everything that it takes is known. */
async function announce(
  planned: ObjectValue,
  session: Session,
  context: CallContext,
  beside: string | null,
  leftovers: readonly string[] = [],
  madeIn: string | null = null,
): Promise<void> {
  const bucket = text(planned.bucket_name);
  const route = routeOf(planned.secret);
  if (session.isIncomplete || !bucket || !route) return;
  const world = await session.world(bucket, route, context, madeIn);
  await announceIssue(orderOf(planned), world, beside, leftovers);
}

/** A default is taken anew where the author has left an argument out, whatever it was before. */
function onlyConfigured(config: ObjectValue, proposed: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.keys(proposed)
      .filter((name) => name in config)
      .map((name) => [name, config[name] ?? null]),
  );
}
