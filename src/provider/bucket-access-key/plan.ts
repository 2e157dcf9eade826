import { UNKNOWN } from '../../plugin/index.js';
import type { ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { hasUnknown, isObject, isSame, text } from '../values.js';
import {
  announceCreation,
  announceRest,
  announceRetirement,
  announceRotation,
  pairInPlace,
} from './announcements.js';
import type { Desk } from './announcements.js';
import { causeToRotate, openArguments } from './cause.js';
import { exclusiveTwice, placeOf } from './declared.js';
import { refuse } from './diagnose.js';
import { remembered, writeMemory } from './memory.js';
import { retirementIn } from './retirement.js';
import {
  createdAtOf,
  dueAttribute,
  keptAttributes,
  newKeyUnknowns,
  NO_PREVIOUS,
  policyOf,
  previousAttributes,
  withDefaults,
} from './state.js';

export const planKey: ManagedResource<Session>['plan'] = async (
  { config, prior, proposed, privateData },
  session,
  context,
) => {
  const wanted = withDefaults({ ...proposed, ...onlyConfigured(config, proposed) });
  const create: ObjectValue = { ...wanted, ...newKeyUnknowns(config), ...NO_PREVIOUS };
  const contradiction = exclusiveTwice(wanted);
  if (contradiction) refuse(contradiction, context);
  if (!prior) {
    await announceCreation(create, config, session, context);
    return { planned: create };
  }
  const id = text(prior.access_key_id);
  const previous = text(prior.previous_access_key_id);
  if (previous) session.keeps(previous, null);
  if (id) session.keeps(id, placeOf(prior));
  if (!isSame(prior.bucket_name, config.bucket_name)) {
    if (id) session.replaces(id);
    return { planned: create, requiresReplace: [['bucket_name']] };
  }
  const memory = remembered(privateData, prior, context);
  if (!memory) return { planned: prior, privateData };
  const desk = { prior, wanted, memory, session, context };
  const retirement = retirementIn(prior, wanted, memory.seen);
  const cause = causeToRotate(prior, config, memory);
  const inPlace = cause?.lacksPair && id ? await pairInPlace(desk, id) : false;
  const rotates = cause && !inPlace ? await announceRotation(desk, cause, retirement) : false;
  const retires = retirement?.kind === 'due';
  announceRetirement(desk, retirement);
  const retells = !rotates && memory.untold && isObject(wanted.hooks) && isObject(wanted.hooks.after_create);
  announceRest(desk, retells);
  const mayRetell = retells || (memory.untold && hasUnknown(wanted.hooks));

  const another = { ...create, ...previousAttributes(UNKNOWN, null, policyOf(wanted)) };
  if (rotates || openArguments(prior, config).length > 0) return { planned: another, privateData };
  const same = { ...wanted, ...keptAttributes(prior), ...standing(desk, retires) };
  const planned: ObjectValue = {
    ...same,
    // A change that Terraform can see is needed for an apply to do what is left to do.
    ...((memory.leftovers.length > 0 || mayRetell) && { status: UNKNOWN }),
    ...(inPlace && { status: UNKNOWN, secret_reference: UNKNOWN }),
  };
  const waits = cause !== null && !inPlace && !isSame(planned, prior);
  return waits
    ? { planned: another, privateData: writeMemory({ ...memory, waits }) }
    : { planned, privateData };
};

/** What a current key that stays brings along. */
function standing({ prior, wanted }: Desk, retires: boolean): ObjectValue {
  const policy = policyOf(wanted);
  const createdAt = createdAtOf(prior);
  const previous = text(prior.previous_access_key_id);
  return {
    ...dueAttribute(createdAt, policy),
    ...previousAttributes(retires ? UNKNOWN : previous, createdAt, policy),
  };
}

/** A default is taken anew where the author has left an argument out, whatever it was before. */
function onlyConfigured(config: ObjectValue, proposed: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.keys(proposed)
      .filter((name) => name in config)
      .map((name) => [name, config[name] ?? null]),
  );
}
