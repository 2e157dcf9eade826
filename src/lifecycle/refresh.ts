import { isInactive } from './access-key.js';
import type { AccessKey } from './access-key.js';
import { confirm } from './journal/confirm.js';
import { findLeftovers } from './leftovers.js';
import { UnreadableRecord } from './journal/stored-record.js';
import { listedAgain, listKeysUnlessGone } from './list-keys.js';
import type { Message } from './message.js';
import * as messages from './messages/refresh.js';
import { undeterminedIn } from './messages/undetermined.js';
import type { CreateOptions, KeyContext } from './ports.js';
import type { ServiceTime } from './service-time.js';
import { holdsPair, snapshotOf } from './snapshot.js';
import type { Snapshot } from './snapshot.js';

/** What is left of a key that the state holds. */
export type Refreshed =
  | {
      readonly state: 'alive';
      readonly key: AccessKey;
      readonly time: ServiceTime;
      readonly delivered: boolean;
      /** Null: it is gone, or there was none. */
      readonly previous: AccessKey | null;
      /** The previous key's pair was put back in place of the current one. */
      readonly isPreviousRestored: boolean;
      /** Other keys that are provably of this resource and of no use: to be deleted by the next apply. */
      readonly leftovers: readonly AccessKey[];
      readonly listed: readonly AccessKey[];
      /** Keys of the bucket that neither this resource nor another one of this process looks after. */
      readonly unaccounted: readonly AccessKey[];
    }
  | {
      readonly state: 'gone';
      /** What the bucket holds instead. */
      readonly listed: readonly AccessKey[];
      /** Null: the bucket is gone, too. */
      readonly time: ServiceTime | null;
    };

export interface RefreshOptions extends Pick<CreateOptions, 'exclusive'> {
  /** What the resource had noted beside its state is lost; which keys were reported since. Default: it is not. */
  readonly hasForgotten?: { readonly reported: readonly string[]; readonly isFirst: boolean };
}

/** Looks after one key of the state; changes nothing but the journal's confirmation. */
export async function refreshKey(
  context: KeyContext,
  accessKeyId: string,
  options: RefreshOptions = { exclusive: false },
  previousId: string | null = null,
): Promise<Refreshed> {
  context.known.sawInState(accessKeyId);
  if (previousId !== null) context.known.sawInState(previousId);
  const { bucket } = context.keys;
  const first = await listKeysUnlessGone(context);
  if (!first) {
    context.warn(messages.bucketGone(context.keys, accessKeyId));
    return { state: 'gone', listed: [], time: null };
  }
  const own = [accessKeyId, ...(previousId === null ? [] : [previousId])];
  const listing = await listedAgain(context, first, own);
  const key = listing.keys.find((listed) => listed.id === accessKeyId);
  if (!key) {
    context.warn(messages.keyGone(bucket, accessKeyId, listing));
    return { state: 'gone', listed: listing.keys, time: listing };
  }
  if (key.isUnlisted) context.warn(messages.keyNotListedYet(bucket, key, listing.asOf));
  if (isInactive(key)) context.warn(messages.keyInactive(bucket, key, listing.asOf));
  const previous = listing.keys.find(({ id }) => id === previousId) ?? null;
  for (const said of undeterminedIn(context.keys, { key, previous }, listing)) context.warn(said);
  const snapshot = snapshotOf(context.destination);
  const told = new Set<string>();
  const telling = {
    ...context,
    warn: (message: Message) => {
      for (const id of message.about.keys) told.add(id);
      context.warn(message);
    },
  };
  // Before the confirmation: it ends a late-create window whose time is over, but only when nothing is left to be deleted.
  const leftovers = await findLeftovers(telling, options, listing, key, snapshot);
  const unaccounted = listing.keys.filter(({ id }) => !own.includes(id) && !context.known.isAccountedFor(id));
  if (options.hasForgotten) {
    const { reported, isFirst } = options.hasForgotten;
    const unreported = unaccounted.filter(({ id }) => !told.has(id) && !reported.includes(id));
    const lost = { unreported, asOf: listing.asOf, previous: isFirst ? previousId : null };
    if (unreported.length > 0 || lost.previous !== null)
      context.warn(messages.notesLost(context.keys, accessKeyId, lost));
  }
  await confirm(context, accessKeyId, { time: listing, isClear: leftovers?.length === 0, snapshot });
  const delivered = await isDelivered(context, accessKeyId, snapshot);
  const read = delivered ? null : (await snapshot.holding().catch(() => null))?.current?.accessKeyId;
  return {
    state: 'alive',
    key,
    time: listing,
    delivered,
    previous,
    isPreviousRestored: previousId !== null && read === previousId,
    leftovers: leftovers ?? [],
    listed: listing.keys,
    unaccounted,
  };
}

/** A destination that cannot be asked says nothing about the key: a warning, and the pair counts as delivered. */
async function isDelivered(context: KeyContext, accessKeyId: string, snapshot: Snapshot): Promise<boolean> {
  const { title, isNowhere } = context.destination;
  if (isNowhere) return false;
  try {
    if (await holdsPair(context.destination, accessKeyId, snapshot)) return true;
    const { current } = await snapshot.holding();
    context.warn(messages.pairGone(context.keys.bucket, accessKeyId, title, current));
    return false;
  } catch (error) {
    // The look for leftovers has said it.
    if (error instanceof UnreadableRecord) return true;
    context.warn(messages.pairNotVerified(context.keys.bucket, accessKeyId, title, error));
    return true;
  }
}
