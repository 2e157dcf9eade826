import type { Secret } from '../secret/secret.js';
import type { AccessKey } from './access-key.js';
import { giveUpUnseen } from './delete.js';
import { assertRoom, deleteOrphan, makeKey, waitUntilListed } from './create.js';
import {
  afterFailure,
  assertAccepted,
  endDelivery,
  pairOf,
  promote,
  verifyAndPromote,
  withdrawn,
} from './deliver.js';
import type { Situation } from './inspect.js';
import { asDeleted, asListed } from './journal/entry.js';
import type { Intent, Mark } from './journal/entry.js';
import { JournalKeeper } from './journal/keeper.js';
import { lateWindowGivingUp, lateWindowOf, proofOf, unlessOver } from './journal/late-window.js';
import { leaseMilliseconds, newMark, takenOver } from './journal/new-entry.js';
import { LifecycleError } from './lifecycle-error.js';
import { listKeys } from './list-keys.js';
import { adopted, finished, givenUpUnlisted, leftOnOtherBucket, notAdopted } from './messages/recovery.js';
import type { CreateOptions, Issued, KeyContext, Listing } from './ports.js';

type Found<Kind extends Situation['kind']> = Extract<Situation, { kind: Kind }>;

/** The pair was promoted and it is unknown whether a state took it: this one does now. */
export async function adopt(
  context: KeyContext,
  options: Pick<CreateOptions, 'verifySeconds' | 'replaces'>,
  situation: Found<'delivered'>,
  listing: Listing,
): Promise<Issued> {
  const { as, key, journal } = situation;
  const { bucket } = context.keys;
  const { title } = context.destination;
  await assertAccepted(context, key, options);
  const keeper = new JournalKeeper(context, journal);
  // A late-create window that is over stays for one more refresh, which names what came in its time.
  await keeper.begin(newMark(context, key, listing, lateWindowOf(journal.entry), options));
  context.runs.noteMade(key.id, listing.asOf);
  const delivery = await promote(context, key.id).catch((error: unknown) => {
    throw new LifecycleError(notAdopted(bucket, key.id, title, { as, cause: error }), {
      subject: 'destination',
    });
  });
  context.known.made(key.id);
  context.warn(adopted(bucket, key.id, title, as));
  return { key, delivery, beside: idsBut(listing, situation.others) };
}

/** The key is ours by the journal: finished where its secret can be read back, withdrawn where it cannot. */
export async function resume(
  context: KeyContext,
  options: CreateOptions,
  situation: Found<'unfinished'>,
  listing: Listing,
  since: number,
): Promise<Issued> {
  const { key, journal, others } = situation;
  const keeper = new JournalKeeper(context, journal);
  const taken = takenOver(context, options, listing, situation.intent);
  const secret = taken.withdrawn ? null : await stagedSecret(context, options, taken, key);
  // Written down before the key is deleted: a pending pair that stays there must not be finished for a dead key.
  const intent: Intent = secret ? taken : { ...taken, withdrawn: true };
  const shipment = { key, keeper, intent, deadline: since + leaseMilliseconds(options) };
  // Its pair was delivered, so whoever uses it is told before it goes.
  if (situation.isAltered) await context.hooks.beforeDeletion(key.id);
  await keeper.begin(intent);
  context.known.made(key.id);
  if (!secret) {
    const past = await withdrawnForTheDead(context, keeper, intent, key);
    const { before } = situation;
    return makeAnew(context, options, keeper, {
      intent: past,
      before: before?.accessKeyId === key.id ? asListed(before) : before,
      newcomers: others,
      ...(past.unlistedSince !== undefined && { givenUp: key.id }),
    });
  }
  context.runs.noteMade(key.id, listing.asOf);
  try {
    const delivery = await verifyAndPromote(context, shipment, pairOf(context, key, secret), options);
    const lateWindow = lateWindowOf(intent);
    const baseline = idsBut(listing, others);
    const settled = await waitUntilListed(context, options, { key, baseline, lateWindow });
    const open = unlessOver(lateWindow, listing);
    await endDelivery(context, shipment, newMark(context, settled, listing, open, options));
    context.warn(finished(context.keys.bucket, key.id, context.destination.title));
    return { key: settled, delivery, beside: baseline };
  } catch (error) {
    await keeper.release(afterFailure(intent, error));
    throw error;
  }
}

/** Null where it cannot be read back, or was altered since: without `verify` S3 does not try it, and its digest has to do. */
async function stagedSecret(
  context: KeyContext,
  { verifySeconds }: Pick<CreateOptions, 'verifySeconds'>,
  intent: Intent,
  key: AccessKey,
): Promise<Secret | null> {
  const { destination } = context;
  const secret = await destination.staged(key.id).catch(() => null);
  if (secret) context.learn(secret);
  if (!secret || verifySeconds !== null || intent.digest === undefined) return secret;
  const digest = await destination.digestToBe?.(pairOf(context, key, secret)).catch(() => undefined);
  return digest === undefined || digest === intent.digest ? secret : null;
}

/** What the journal is to say of the creation once its key is deleted. */
async function withdrawnForTheDead(
  context: KeyContext,
  keeper: JournalKeeper,
  intent: Intent,
  key: AccessKey,
): Promise<Intent> {
  const outcome = await withdrawn(context, key, { step: 'died' });
  if (!outcome.remains) return asDeleted(intent);
  if (giveUpUnseen(context, key.id, outcome)) {
    // The dead run may have deleted it itself. The next creation looks out for it, and takes the slot that it had.
    context.warn(givenUpUnlisted(context.keys.bucket, key.id));
    return intent;
  }
  await keeper.release(intent);
  throw outcome;
}

/** A dead run's creation without a key that is known: what came since its baseline is deleted only with proof. */
export async function afterAbandoned(
  context: KeyContext,
  options: CreateOptions,
  situation: Found<'abandoned'>,
  listing: Listing,
  since: number,
): Promise<Issued> {
  const { intent, before, journal, newcomers } = situation;
  const keeper = new JournalKeeper(context, journal);
  if (intent.bucket !== context.keys.bucket && newcomers.length > 0) {
    const { keys, destination } = context;
    const at = { bucket: intent.bucket, region: keys.region };
    context.warn(leftOnOtherBucket(at, newcomers, destination.title, intent.holder));
  }
  if (provenBy(options, context, intent, newcomers).length === 0) {
    return makeKey(context, options, listing, {
      keeper,
      before,
      lateWindow: lateWindowGivingUp(intent, context.keys.bucket),
      since,
    });
  }
  // The take-over comes before the deletion: of several runs that find this intent, one acts on it.
  const mine = takenOver(context, options, listing, intent);
  await keeper.begin(mine);
  return makeAnew(context, options, keeper, { intent: mine, before, newcomers });
}

/** The journal holds `intent` as ours: its key is gone, and what else it may have left goes before a new one is made. */
async function makeAnew(
  context: KeyContext,
  options: CreateOptions,
  keeper: JournalKeeper,
  past: {
    readonly intent: Intent;
    readonly before: Mark | null;
    readonly newcomers: readonly AccessKey[];
    /** ID of a key whose deletion was accepted, and that no list had shown by then. */
    readonly givenUp?: string;
  },
): Promise<Issued> {
  const { intent, before, newcomers } = past;
  let since: number;
  let listing: Listing;
  try {
    for (const key of provenBy(options, context, intent, newcomers)) await deleteOrphan(context, key);
    since = context.clock.elapsed();
    listing = await listKeys(context.keys);
    const shown = listing.keys.find(({ id }) => id === past.givenUp);
    if (shown) {
      await deleteOrphan(context, shown);
      listing = await listKeys(context.keys);
    }
    await assertRoom(context, options, listing, before);
  } catch (error) {
    await keeper.release({ ...intent, ...(intent.made !== undefined && { withdrawn: true as const }) });
    throw error;
  }
  return makeKey(context, options, listing, {
    keeper,
    before,
    lateWindow: lateWindowGivingUp(intent, context.keys.bucket),
    since,
  });
}

function idsBut({ keys }: Listing, others: readonly AccessKey[]): string[] {
  return keys.filter((key) => !others.includes(key)).map(({ id }) => id);
}

function provenBy(
  options: CreateOptions,
  context: KeyContext,
  intent: Intent,
  newcomers: readonly AccessKey[],
): readonly AccessKey[] {
  if (intent.bucket !== context.keys.bucket) return [];
  return newcomers.filter((key) => proofOf(options, lateWindowOf(intent), key));
}
