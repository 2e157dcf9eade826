import type { AccessKey } from '../access-key.js';
import type { CreateOptions, KeyContext, Listing } from '../ports.js';
import type { Intent, JournalEntry, LateWindow, Mark } from './entry.js';
import { CREATE_MILLISECONDS, unlessOver } from './late-window.js';
import { randomUUID } from 'node:crypto';
import { latest } from '../service-time.js';
import type { ServiceTime } from '../service-time.js';

/** For what comes after the create and S3's acceptance. */
const GRACE_MILLISECONDS = 60_000;

/** How long the lease of a run on a destination lasts. */
export function leaseMilliseconds(options: Pick<CreateOptions, 'verifySeconds'>): number {
  return CREATE_MILLISECONDS + (options.verifySeconds ?? 0) * 1000 + GRACE_MILLISECONDS;
}

export function newIntent(
  context: KeyContext,
  options: Pick<CreateOptions, 'verifySeconds' | 'replaces'>,
  listing: Listing,
  past: { readonly before: Mark | null; readonly lateWindow: LateWindow | null },
): Intent {
  const lateWindow = unlessOver(past.lateWindow, listing);
  return {
    phase: 'intent',
    bucket: context.keys.bucket,
    baseline: listing.isMissing ? null : listing.keys.map((key) => key.id),
    begunAt: listing.asOf.toISOString(),
    ...leaseOf(context, options, listing),
    ...formOf(context),
    ...(past.before && { before: past.before }),
    ...(lateWindow && { lateWindow }),
    ...replacesOf(options),
  };
}

/** A dead run's creation in this run's hands: what it was about stays, so that the next run could tell too. */
export function takenOver(
  context: KeyContext,
  options: Pick<CreateOptions, 'verifySeconds' | 'replaces'>,
  listing: Listing,
  intent: Intent,
): Intent {
  const taken: { -readonly [Member in keyof Intent]: Intent[Member] } = {
    ...intent,
    ...leaseOf(context, options, listing),
  };
  // It has a run again, which may want the key for another resource than the dead one did.
  delete taken.released;
  delete taken.replaces;
  return { ...taken, ...replacesOf(options) };
}

/** A dead run's key in this run's hands, which deletes it. */
export function toWithdraw(context: KeyContext, entry: JournalEntry, time: ServiceTime): Intent {
  const intent = entry.phase === 'intent' ? entry : creationOf(entry);
  const taken: { -readonly [Member in keyof Intent]: Intent[Member] } = {
    ...intent,
    ...leaseOf(context, { verifySeconds: null }, time),
    ...(intent.made !== undefined && { withdrawn: true }),
  };
  delete taken.released;
  return taken;
}

/** What its run would have written once it was done, for a pair that was promoted. */
export function markOfMade(
  { bucket, holder, begunAt: at, expiresAt, form, digest }: Intent,
  accessKeyId: string,
): Mark {
  const pair = { ...(form !== undefined && { form }), ...(digest !== undefined && { digest }) };
  return { phase: 'unconfirmed', bucket, accessKeyId, holder, at, expiresAt, ...pair };
}

/** The creation that has led to a mark. */
export function creationOf(mark: Mark): Intent {
  const { bucket, holder, at, accessKeyId, unlistedSince, lateWindow, replaces, form, digest } = mark;
  return {
    phase: 'intent',
    nonce: randomUUID(),
    bucket,
    baseline: [],
    holder,
    begunAt: at,
    expiresAt: at,
    made: accessKeyId,
    answered: true,
    ...(form !== undefined && { form }),
    ...(digest !== undefined && { digest }),
    ...(unlistedSince !== undefined && { unlistedSince }),
    ...(lateWindow && { lateWindow }),
    ...replacesOf({ replaces }),
  };
}

function leaseOf(
  context: KeyContext,
  options: Pick<CreateOptions, 'verifySeconds'>,
  time: ServiceTime,
): Pick<Intent, 'nonce' | 'holder' | 'expiresAt'> {
  return { nonce: randomUUID(), holder: context.runs.self, expiresAt: expiryAfter(latest(time), options) };
}

/** A lease that begins again: only whoever writes it over the entry of its own run has it. */
export function leaseFrom(
  asOf: Date,
  options: Pick<CreateOptions, 'verifySeconds'>,
): Pick<Intent, 'expiresAt'> {
  return { expiresAt: expiryAfter(asOf, options) };
}

function expiryAfter(asOf: Date, options: Pick<CreateOptions, 'verifySeconds'>): string {
  return new Date(asOf.getTime() + leaseMilliseconds(options)).toISOString();
}

/** `began`: when the work on this key did. */
export function newMark(
  context: KeyContext,
  key: Pick<AccessKey, 'id'>,
  began: ServiceTime,
  lateWindow: LateWindow | null,
  options: Pick<CreateOptions, 'verifySeconds' | 'replaces'>,
): Mark {
  const unlistedSince = context.known.unlistedSince(key.id);
  return {
    phase: 'unconfirmed',
    bucket: context.keys.bucket,
    accessKeyId: key.id,
    holder: context.runs.self,
    at: began.asOf.toISOString(),
    expiresAt: expiryAfter(latest(began), options),
    ...(unlistedSince && { unlistedSince: unlistedSince.toISOString() }),
    ...formOf(context),
    ...(context.destination.digest !== undefined && { digest: context.destination.digest }),
    ...(lateWindow && { lateWindow }),
    ...replacesOf(options),
  };
}

function replacesOf({ replaces }: { readonly replaces?: string | undefined }): { replaces?: string } {
  return replaces === undefined ? {} : { replaces };
}

function formOf({ destination }: KeyContext): { form?: string } {
  return destination.form === undefined ? {} : { form: destination.form };
}
