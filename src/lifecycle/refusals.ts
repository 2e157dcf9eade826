import type { AccessKey } from './access-key.js';
import { LifecycleError, reasonOf, remedyOf } from './lifecycle-error.js';
import { orphanedFrom } from './hold.js';
import type { Mark } from './journal.js';
import type { Listing, Notice, Scene } from './ports.js';
import type { Beside, Situation } from './survey.js';
import type { Retirement } from './rotation.js';
import {
  deletionCommand,
  describeHolder,
  describeKey,
  describeKeys,
  describeUse,
  ids,
  instant,
} from './wording.js';

export type Blocking = Extract<Situation, { kind: 'busy' | 'owned' | 'foreign' }>;

/** Another run, another owner, or content that is not ours: no key may be made now. */
export function isBlocking(situation: Situation): situation is Blocking {
  return ['busy', 'owned', 'foreign'].includes(situation.kind);
}

/** Throws why no key may be made now. */
export function assertFree(
  situation: Situation,
  world: Scene,
): asserts situation is Exclude<Situation, Blocking> {
  if (isBlocking(situation)) throw refusal(situation, world);
}

export function refusal(situation: Blocking, world: Scene): LifecycleError {
  const { title } = world.destination;
  const { bucket } = world.keys;
  switch (situation.kind) {
    case 'busy':
      return new LifecycleError(
        `Another run is making a key for bucket ${situation.intent.bucket}: ${describeHolder(situation.intent.holder)}`,
        `It holds ${title} since ${situation.intent.begunAt}, and no second key was made. ` +
          (situation.newcomers.length > 0
            ? `On the bucket has appeared since then: ${ids(situation.newcomers)}. `
            : '') +
          `Wait until it has ended, then plan again; if it died on another machine, its hold ends by itself at ${situation.intent.expiresAt}.`,
        { subject: 'destination' },
      );
    case 'owned':
      return situation.mark.phase === 'confirmed'
        ? ownedByState(situation.mark, world)
        : ownedByRun(situation.mark, world);
    case 'foreign':
      return new LifecycleError(
        `${title} holds something that was not put there by this provider`,
        `It would be overwritten by the key of bucket ${bucket}, so nothing was changed and no key was made. ` +
          `Move it away or delete it, or choose another destination.` +
          (situation.beside ? ` ${leftBeside(situation.beside, world)}` : ''),
        { subject: 'destination' },
      );
  }
}

function leftBeside({ bucket, keys, holder }: Beside, { keys: { region } }: Scene): string {
  return (
    `The journal beside it leads to ${ids(keys)} on bucket ${bucket}: a run of ${describeHolder(holder)} that could not finish has made it, or was making one when it came, and no state is known to hold it. ` +
    `Once the destination is free, an apply takes it over or deletes it where it is provably ours. If nobody needs it: ${keys.map(({ id }) => deletionCommand(bucket, region, id)).join(' ; ')}`
  );
}

function ownedByState(mark: Mark, world: Scene): LifecycleError {
  return new LifecycleError(
    `${world.destination.title} already holds key ${mark.accessKeyId} of bucket ${mark.bucket}`,
    `That key is alive and is not in this state: another stack owns this destination, or a run of this one whose state was not saved (${describeHolder(mark.holder)}, ${mark.at}). ` +
      `Nothing was changed, and no key was made. If Terraform could not save the state, it has left errored.tfstate: terraform state push errored.tfstate. ` +
      `If that is lost, or the key should be managed here from now on, import it as "${mark.bucket},${mark.accessKeyId}": its pair is taken over as it is. Otherwise give this key of bucket ${world.keys.bucket} a destination of its own.`,
    { subject: 'destination' },
  );
}

/** Delivered, and nobody can tell whether a state has taken it. */
function ownedByRun(mark: Mark, world: Scene): LifecycleError {
  const { bucket, region } = world.keys;
  const remedy =
    mark.bucket === bucket
      ? `If that run has died, its key is taken over from ${instant(orphanedFrom(mark))} on.`
      : `If that run has died and nobody uses its key, delete it, then apply again: ${deletionCommand(mark.bucket, region, mark.accessKeyId)}` +
        (mark.watch
          ? ` Until ${mark.watch.until} bucket ${mark.bucket} may still get a key that nobody knows, from a call without an answer.`
          : '');
  return new LifecycleError(
    `${world.destination.title} already holds key ${mark.accessKeyId} of bucket ${mark.bucket}`,
    `That key is alive and is not in this state: a run of ${describeHolder(mark.holder)} delivered it at ${mark.at}, and its Terraform is not known to have ended. ` +
      `Nothing was changed, and no key was made for bucket ${bucket}. If that run still goes on, give this key a destination of its own. ${remedy}`,
    { subject: 'destination' },
  );
}

export function noFreeSlot(world: Scene, listing: Listing, taking: readonly AccessKey[]): LifecycleError {
  const { bucket, region } = world.keys;
  return new LifecycleError(
    `Bucket ${bucket} has no room for another access key: it holds ${ids(taking)}`,
    `A Lightsail bucket holds two keys at most, and no key was made. There are: ${describeKeys(taking, listing.asOf)}. ` +
      `Delete the one that nobody needs, for instance with: ${deletionCommand(bucket, region, 'ACCESSKEYID')}`,
    { subject: 'bucket' },
  );
}

/** Keys that came while the outcome of our own create is not known: one may be ours, and that is no proof. */
export function unaccountedFor(world: Scene, listing: Listing, newcomers: readonly AccessKey[]): string {
  const { bucket, region } = world.keys;
  return (
    `It may be the outcome of that call, and then nobody has its secret; or somebody else made it at the same time. ` +
    `It is not deleted, because nothing proves that it is ours: ${describeKeys(newcomers, listing.asOf)}. ` +
    `If nobody knows it, delete it: ${newcomers.map((key) => deletionCommand(bucket, region, key.id)).join(' ; ')}. ` +
    `(With exclusive = true this provider may delete it by itself.)`
  );
}

/** Both slots hold keys of this resource, and consumers may still use the older one. */
export function duringOverlap(
  bucket: string,
  { current, previous }: { readonly current: string; readonly previous: string },
  retirement: Exclude<Retirement, { kind: 'due' }>,
): LifecycleError {
  const why = stays(retirement, `Key ${previous}, which ${current} has replaced,`);
  return new LifecycleError(
    `Key ${current} of bucket ${bucket} cannot be replaced while key ${previous} is still valid`,
    `${why} A Lightsail bucket holds two keys at most, so no key was made. Wait until it is retired. ` +
      `If a key is compromised, set rotation.overlap_hours = 0 and change rotation.keepers: one apply then retires ${previous}, delivers a new key and deletes ${current}.`,
  );
}

function stays(retirement: Exclude<Retirement, { kind: 'due' }>, key: string): string {
  switch (retirement.kind) {
    case 'waits':
      return `${key} stays valid until ${instant(retirement.until)}, and the first apply after that retires it.`;
    case 'blocked':
      return `${key} should have gone at ${instant(retirement.until)}, but it was ${describeUse(retirement.use)}; an apply retires it once it is no longer used.`;
    case 'read':
      return `${key} is what consumers read again: somebody has put its pair back. Put the newer pair back, or import the older key.`;
  }
}

export function cannotWrite(world: Scene, cause: unknown): LifecycleError {
  return new LifecycleError(
    `The secret of bucket ${world.keys.bucket}'s key could not be kept: ${world.destination.title} cannot be written`,
    `${reasonOf(cause)} No key was made, since its secret is shown only once.${remedyOf(cause)}`,
    { subject: 'destination' },
  );
}

/** No refusal: the destination keeps what was there. */
export function coveredValue(world: Scene, kept: string): Notice {
  return {
    summary: `${world.destination.title} holds a value that was not put there by this provider`,
    detail: `The pair of bucket ${world.keys.bucket}'s key takes its place; the value is kept ${kept}.`,
  };
}

/** A key that was there before and that nobody in this process accounts for. */
export function unaccountedBeside({ keys }: Scene, key: AccessKey, { asOf }: Listing): Notice {
  return {
    summary: `Bucket ${keys.bucket} already holds key ${key.id}`,
    detail: `${describeKey(key, asOf)}. This resource does not account for it: it may be somebody else's, the key that this one replaces, or the leftover of a run that died. It is left alone, and the new key is made beside it. If nobody needs it: ${deletionCommand(keys.bucket, keys.region, key.id)}`,
  };
}
