import { isActive } from '../../lifecycle/access-key.js';
import { announceIssue, announceSlots } from '../../lifecycle/announce.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { framed, render } from '../../lifecycle/message.js';
import { duringOverlap } from '../../lifecycle/refusals.js';
import type { Retirement } from '../../lifecycle/rotation.js';
import { isInPlace } from '../../lifecycle/take-over.js';
import { describeUse, instant } from '../../lifecycle/wording.js';
import type { CallContext, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { hasUnknown, isObject, text } from '../values.js';
import type { Cause } from './cause.js';
import { isDeclaredTwice, placeOf } from './declared.js';
import { isSamePlace } from './delivery-place.js';
import { refuse } from './diagnose.js';
import type { Memory, Origin } from './memory.js';
import { routeOf } from './route.js';
import { orderOf, policyOf } from './state.js';

/** All that the plan of a living key is made from. */
export interface Desk {
  readonly prior: ObjectValue;
  readonly wanted: ObjectValue;
  readonly memory: Memory;
  readonly session: Session;
  readonly context: CallContext;
}

/** Keys of earlier runs that go, and a hook that is run again. */
export function announceRest({ prior, memory, session, context }: Desk, retells: boolean): void {
  const bucket = text(prior.bucket_name) ?? '';
  session.looksAfter(memory.leftovers);
  for (const id of memory.leftovers) {
    context.diagnostics.warning(
      `Key ${id} of bucket ${bucket} will be deleted`,
      'This resource made it, and it is not the current key: an earlier run replaced it, had to withdraw it, or got no answer when it made it. Nobody uses its secret.',
    );
  }
  if (retells) {
    context.diagnostics.warning(
      `The after_create hook of key ${text(prior.access_key_id) ?? ''} of bucket ${bucket} will be run again`,
      'It failed after the key was made. The key itself is good and delivered.',
      ['hooks'],
    );
  }
}

export function announceRetirement({ prior, wanted, context }: Desk, retirement: Retirement | null): void {
  const id = text(prior.previous_access_key_id) ?? '';
  const bucket = text(prior.bucket_name) ?? '';
  const current = text(prior.access_key_id) ?? '';
  const { overlapHours } = policyOf(wanted);
  if (id && hasUnknown(wanted.rotation)) {
    context.diagnostics.warning(
      `Whether key ${id} of bucket ${bucket} is retired is decided at apply`,
      `Key ${current} took its place, and a part of rotation is known only then.`,
      ['rotation'],
    );
    return;
  }
  if (retirement?.kind === 'blocked') {
    context.diagnostics.warning(
      `Key ${id} of bucket ${bucket} is still in use, and is not retired`,
      `Its overlap was over at ${instant(retirement.until)}, but it was ${describeUse(retirement.use)}, within the last ${overlapHours} h. Give whoever uses it the pair of key ${current}; the apply after ${overlapHours} h without a use retires it. With rotation.on_still_used = "retire" it goes all the same.`,
      ['rotation'],
    );
  }
  if (retirement?.kind === 'due') {
    context.diagnostics.warning(
      `Key ${id} of bucket ${bucket} will be retired`,
      `Key ${current} took its place. ${whyRetired(retirement, overlapHours)} Apply deletes it.`,
    );
  }
}

function whyRetired(due: Extract<Retirement, { kind: 'due' }>, overlapHours: number): string {
  const refused = due.use ? `It was ${describeUse(due.use)}: whoever that is will be refused` : '';
  switch (due.why) {
    case 'inactive':
      return 'It is Inactive, so S3 refuses it already.';
    case 'no-overlap':
      return `rotation.overlap_hours = 0 gives it no time beside its successor, whether it is in use or not. ${refused ? `${refused}.` : 'No use of it was seen.'}`;
    case 'overlap-over':
      return `Its overlap is over since ${instant(due.since)}. ${refused ? `${refused}, as rotation.on_still_used = "retire" wants it.` : `It was not used within the last ${overlapHours} h.`}`;
  }
}

/** Answers whether a new key is to be made in place of a living one. */
export async function announceRotation(
  desk: Desk,
  cause: Cause,
  retirement: Retirement | null,
): Promise<boolean> {
  const { prior, wanted, memory, session, context } = desk;
  const id = text(prior.access_key_id);
  const bucket = text(prior.bucket_name) ?? '';
  const name = id ? `Key ${id} of bucket ${bucket}` : `The key of bucket ${bucket}`;
  // A previous key that goes first leaves its place free.
  const going = retirement?.kind === 'due' ? text(prior.previous_access_key_id) : null;
  for (const key of [id, going]) if (key) session.replaces(key);
  try {
    assertNoOverlap(desk, retirement);
    const leftovers = [...memory.leftovers, ...goingFirst(desk, retirement)];
    await announce(wanted, session, context, { ...ownIn(prior), leftovers, madeIn: memory });
  } catch (error) {
    if (cause.kind === 'asked' || !(error instanceof LifecycleError)) {
      refuse(error, context);
      return true;
    }
    if (going) session.keeps(going, null);
    if (id) session.keeps(id, placeOf(prior));
    // What is broken stays a change of the plan, and apply fails while it cannot be repaired: "No changes" would hide it.
    // Where consumers read the previous key's pair, they have one that works.
    const isBroken = cause.kind === 'repair' && retirement?.kind !== 'read';
    const left = `The key is left as it is until that is fixed${isBroken ? ', and apply fails as long as it is not' : ''}.`;
    const { summary, detail } = render(framed(error.said, cause.why, left));
    context.diagnostics.warning(
      `${name} ${cause.isOpen ? 'may have to' : 'should'} be replaced, and cannot be now: ${summary}`,
      detail,
    );
    return isBroken;
  }
  context.diagnostics.warning(
    `${name} ${cause.isOpen ? 'may' : 'will'} be replaced by a new one`,
    `${cause.why} A key's secret is shown only once, so ${cause.isOpen ? 'it then' : 'apply'} makes a new key and delivers it. ${afterwards(desk)}`,
    cause.kind === 'asked' ? ['secret'] : [],
  );
  return true;
}

/** A living key makes no second predecessor: there is no slot for it. */
function assertNoOverlap({ prior }: Desk, retirement: Retirement | null): void {
  const current = text(prior.access_key_id);
  const previous = text(prior.previous_access_key_id);
  if (!current || !previous || !retirement || retirement.kind === 'due') return;
  if (text(prior.status) !== 'Active') return;
  throw duringOverlap(text(prior.bucket_name) ?? '', { current, previous }, retirement);
}

function afterwards({ prior, wanted }: Desk): string {
  const id = text(prior.access_key_id);
  if (id === null) return '';
  const { overlapHours } = policyOf(wanted);
  const { rotation } = wanted;
  if (hasUnknown(isObject(rotation) ? rotation.overlap_hours : rotation))
    return `How long key ${id} stays valid after that is known only then, too.`;
  if (text(prior.status) !== 'Active') return `Key ${id} is deleted in the same apply.`;
  if (overlapHours === 0) return `Then ${id} is deleted, in the same apply.`;
  return `Key ${id} stays valid for ${overlapHours} h more, and an apply after that retires it.`;
}

/** Keys of this resource that apply deletes before it makes another. */
function goingFirst({ prior }: Desk, retirement: Retirement | null): string[] {
  const previous = text(prior.previous_access_key_id);
  const current = text(prior.access_key_id);
  const isInactive = text(prior.status) !== 'Active';
  return [
    ...(previous && retirement?.kind === 'due' ? [previous] : []),
    ...(current && isInactive ? [current] : []),
  ];
}

/** A key beside which the new one is made; what else of this resource stays is in the bucket's list. */
function ownIn(prior: ObjectValue): { beside: string | null } {
  return { beside: text(prior.access_key_id) ?? text(prior.previous_access_key_id) };
}

/** Whether the destination already holds the pair of the current key, as its author wants it. */
export async function pairInPlace(
  { prior, wanted, memory, session, context }: Desk,
  id: string,
): Promise<boolean> {
  const bucket = text(prior.bucket_name) ?? '';
  const route = routeOf(wanted.secret);
  if (!isActive({ status: text(prior.status) ?? 'Active' })) return false;
  if (session.isIncomplete || !route || !mayLieInPlace(prior, wanted, memory)) return false;
  const world = await session.world(bucket, route, context, { madeIn: memory, phase: 'plan' });
  // One that cannot be asked does not hold it.
  if (!(await isInPlace(world, id).catch(() => false))) return false;
  context.diagnostics.warning(
    `${world.destination.title} already holds the pair of key ${id} of bucket ${bucket}`,
    'It is taken over as it is: no new key is made, and nothing is written but the mark that it belongs to this resource. That its secret is the right one has not been tried.',
  );
  return true;
}

/** Only where nothing says that the pair there may be of another form than is wanted now. */
function mayLieInPlace(prior: ObjectValue, wanted: ObjectValue, { unrouted }: Memory): boolean {
  return prior.secret === null || unrouted || isSamePlace(prior.secret, wanted.secret);
}

/** Announces the first key of a resource, or what follows one that is replaced or gone. */
export async function announceCreation(
  planned: ObjectValue,
  config: ObjectValue,
  session: Session,
  context: CallContext,
): Promise<void> {
  const place = placeOf(config);
  const predecessor = session.holderOf(place);
  // Terraform asks without a prior state for a replacement as well; a second resource of this place is none.
  if (predecessor && !isDeclaredTwice(config)) session.replaces(predecessor);
  await announce(planned, session, context, { beside: null }).catch((error: unknown) => {
    if (!session.wasGone(place) || !(error instanceof LifecycleError)) return refuse(error, context);
    tell(context, 'warning', framed(error.said, '', 'Apply will refuse, too, until that is fixed.'));
    return error;
  });
}

interface Own {
  readonly beside: string | null;
  readonly leftovers?: readonly string[];
  readonly madeIn?: Origin | null;
}

/** Announces the work of the apply while everything that it takes is known. */
async function announce(
  planned: ObjectValue,
  session: Session,
  context: CallContext,
  { beside, leftovers = [], madeIn = null }: Own,
): Promise<void> {
  const bucket = text(planned.bucket_name);
  if (session.isIncomplete || !bucket) return;
  const route = routeOf(planned.secret);
  const world = await session.world(bucket, route ?? { kind: 'none' }, context, { madeIn, phase: 'plan' });
  if (route) await announceIssue(orderOf(planned), world, beside, leftovers);
  else await announceSlots(world, beside, leftovers);
}
