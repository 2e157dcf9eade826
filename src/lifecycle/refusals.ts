import type { AccessKey } from './access-key.js';
import type { Mark } from './journal/entry.js';
import { LifecycleError } from './lifecycle-error.js';
import type { Message } from './message.js';
import * as creation from './messages/creation.js';
import { destinationNotWritable, valueOverwritten } from './messages/delivery.js';
import * as owners from './messages/owners.js';
import * as messages from './messages/refusals.js';
import { slotsAreTaken } from './messages/slots.js';
import type { KeyContext, Listing, Scene } from './ports.js';
import type { Retirement } from './rotation-policy.js';
import type { Situation } from './inspect.js';
import type { SlotUse } from './slots.js';

export type Blocking = Extract<Situation, { kind: 'busy' | 'owned' | 'foreign' | 'undetermined' }>;

/** Another run, another owner, or content that is not ours: no key may be made now. */
export function isBlocking(situation: Situation): situation is Blocking {
  return ['busy', 'owned', 'foreign', 'undetermined'].includes(situation.kind);
}

/** Throws why no key may be made now. */
export function assertFree(
  situation: Situation,
  context: Scene & Pick<KeyContext, 'known'>,
): asserts situation is Exclude<Situation, Blocking> {
  if (isBlocking(situation)) throw refusal(situation, context, context.known);
}

/** `ours`: which keys some resource of this process has. */
export function refusal(
  situation: Blocking,
  scene: Scene,
  ours: Pick<ReadonlySet<string>, 'has'>,
): LifecycleError {
  if (situation.kind === 'owned' && ours.has(situation.mark.accessKeyId)) {
    return heldByAnother(situation.mark.bucket, situation.mark.accessKeyId, false);
  }
  return new LifecycleError(blocked(situation, scene), { subject: 'destination' });
}

export function heldByAnother(bucket: string, key: string, isRemoved: boolean): LifecycleError {
  return new LifecycleError(owners.heldByAnother(bucket, key, isRemoved), { subject: 'destination' });
}

function blocked(situation: Blocking, { keys, destination: { title } }: Scene): Message {
  switch (situation.kind) {
    case 'undetermined':
      return messages.leftAndUndetermined(keys, situation.key, title);
    case 'busy':
      return messages.anotherRunAtWork(situation.intent, title, situation.newcomers);
    case 'owned':
      return situation.mark.phase === 'confirmed'
        ? messages.ownedByState(situation, title, keys)
        : messages.ownedByRun(situation, title, keys);
    case 'foreign':
      return messages.foreignValue(keys, title, situation);
  }
}

/** `whose`: keys of this configuration. `mark`: of the pair in whose place the new one goes. */
export function noFreeSlot(
  { keys }: Scene,
  { asOf }: Listing,
  taking: readonly AccessKey[],
  { ours, isNew, mark }: NoSlotFor,
): LifecycleError {
  const isOwn = (id: string) => id === mark?.accessKeyId || id === mark?.replaces;
  const isReplacement = mark !== null && taking.every(({ id }) => isOwn(id));
  const wanting = {
    ours: { has: (id: string) => ours.has(id) || isOwn(id) },
    as: isReplacement ? 'replacement' : isNew ? 'new' : 'successor',
  } as const;
  return new LifecycleError(creation.noFreeSlot(keys, taking, asOf, wanting), { subject: 'bucket' });
}

/** Whose key finds no slot. */
export interface NoSlotFor {
  readonly ours: Pick<ReadonlySet<string>, 'has'>;
  /** It follows no key of its own resource. */
  readonly isNew: boolean;
  /** What the destination's journal says of the pair there. */
  readonly mark: Mark | null;
}

/** Other plans of this process need the slots. */
export function slotsTaken(
  bucket: string,
  pair: string,
  listed: readonly string[],
  others: readonly SlotUse[],
): LifecycleError {
  return new LifecycleError(slotsAreTaken(bucket, pair, listed, others), { subject: 'bucket' });
}

export function duringOverlap(
  bucket: string,
  keys: { readonly current: string; readonly previous: string },
  retirement: Exclude<Retirement, { kind: 'due' }>,
): LifecycleError {
  return new LifecycleError(messages.notDuringOverlap(bucket, keys, retirement));
}

/** What AWS does not tell makes no key, unless its author asks for one. */
export function statusUndetermined(
  bucket: string,
  { id, status }: Pick<AccessKey, 'id' | 'status'>,
): LifecycleError {
  return new LifecycleError(messages.notWithUnknownStatus(bucket, id, status));
}

export function cannotWrite({ keys, destination }: Scene, cause: unknown): LifecycleError {
  return new LifecycleError(destinationNotWritable(keys.bucket, destination.title, cause), {
    subject: 'destination',
  });
}

export function overwrittenValue({ keys, destination }: Scene, kept: string): Message {
  return valueOverwritten(keys.bucket, destination.title, kept);
}

export function unmanagedBeside({ keys }: Scene, key: AccessKey, { asOf }: Listing): Message {
  return creation.unmanagedBeside(keys, key, asOf);
}
