import { announceIssue } from '../../lifecycle/announce.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { isSame, text } from '../values.js';
import { diagnose } from './diagnose.js';
import { readLeftovers } from './leftovers.js';
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
    await announce(create, session, context, null);
    return { planned: create };
  }
  session.sawInState(text(prior.access_key_id));
  if (!isSame(prior.bucket_name, config.bucket_name)) {
    return { planned: create, requiresReplace: [['bucket_name']] };
  }
  const reason = reasonToReplace(prior, config);
  if (reason) {
    const id = text(prior.access_key_id) ?? '';
    context.diagnostics.warning(
      `Key ${id} of bucket ${text(prior.bucket_name) ?? ''} will be replaced by a new one`,
      `${reason} A key's secret is shown only once, so apply makes a new key, delivers it, and then deletes ${id}.`,
      ['secret'],
    );
    await announce(create, session, context, id, readLeftovers(privateData));
    return { planned: create, privateData };
  }
  const leftovers = readLeftovers(privateData);
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

/** Announces the work of the apply while everything that it takes is known. */
async function announce(
  planned: ObjectValue,
  session: Session,
  context: CallContext,
  beside: string | null,
  leftovers: readonly string[] = [],
): Promise<void> {
  const bucket = text(planned.bucket_name);
  const route = routeOf(planned.secret);
  if (session.isIncomplete || !bucket || !route) return;
  try {
    const world = await session.world(bucket, route, context);
    await announceIssue(orderOf(planned), world, beside, leftovers);
  } catch (error) {
    diagnose(error, context);
  }
}

/** A default is taken anew where the author has left an argument out, whatever it was before. */
function onlyConfigured(config: ObjectValue, proposed: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.keys(proposed)
      .filter((name) => name in config)
      .map((name) => [name, config[name] ?? null]),
  );
}
