import type { KeyPair } from './access-key.js';
import { acceptedWithoutAccess } from './messages/delivery.js';
import type { NotAccepted } from './messages/delivery.js';
import type { KeyContext } from './ports.js';
import type { ServiceTime } from './service-time.js';

/** In milliseconds. Between two questions. */
const PAUSE = 1000;

/** A new key is known before it has its rights: for so long a denial may come of that. */
const DENIED_AT_FIRST = 20_000;

/** S3's front ends learn of a new key one after the other: this long after the first time they are asked again. */
const ASKED_AGAIN_AFTER = 15_000;

/** A pair that S3 accepts, in a process that may yet delete the key before it. */
export interface FreshPair {
  readonly pair: KeyPair;
  /** By the clock's `elapsed`. */
  readonly acceptedAt: number;
  /** How long S3 may take to accept it again, in seconds. */
  readonly seconds: number;
  /** S3 knows the key, and lets it do nothing. */
  readonly isDenied: boolean;
}

/** Null once S3 accepts the pair; else why it was given up. */
export async function whyNotAccepted(
  context: KeyContext,
  pair: KeyPair,
  seconds: number,
): Promise<NotAccepted | null> {
  const { clock, known } = context;
  const asked = await askUntilAccepted(context, pair, seconds, DENIED_AT_FIRST);
  if (asked.state === 'given up') return asked.why;
  const isDenied = asked.state === 'denied';
  if (isDenied) context.warn(acceptedWithoutAccess(pair, asked.reason, DENIED_AT_FIRST / 1000));
  known.acceptedByS3({ pair, acceptedAt: clock.elapsed(), seconds, isDenied });
  return null;
}

/** Another key of the bucket is too new for its predecessor to be deleted. */
export interface NotSettled {
  readonly kind: 'successor not settled';
  readonly accessKeyId: string;
  readonly why: NotAccepted;
}

/**
 * Waits, before a working key is deleted in the run that has made another one for its bucket, until S3 has accepted that
 * one again. Answers why the working key has to stay; null where it may go.
 */
export async function whyNotSettled(
  context: KeyContext,
  going: readonly string[],
): Promise<NotSettled | null> {
  const { clock, keys, known, s3, signal } = context;
  for (const { pair, acceptedAt, seconds, isDenied } of known.freshOn(keys.bucket)) {
    const { accessKeyId } = pair;
    if (going.includes(accessKeyId)) continue;
    const milliseconds = acceptedAt + (s3.askedAgainAfter ?? ASKED_AGAIN_AFTER) - clock.elapsed();
    await pauseFor(context, 'has accepted the new key once more', accessKeyId, going, milliseconds);
    if (signal.aborted) return unsettled(accessKeyId, { step: 'stopped', cause: STOPPED });
    const asked = await askUntilAccepted(context, pair, seconds, isDenied ? 0 : Infinity);
    if (asked.state === 'given up') return unsettled(accessKeyId, asked.why);
    known.settled(accessKeyId);
  }
  return null;
}

/** A key that follows another one, made by an earlier run: there is no pair to ask S3 with. */
export interface Follower {
  readonly id: string;
  /** Null: as new as can be. */
  readonly createdAt: Date | null;
}

/**
 * Waits, before a working key is deleted, until the one that an earlier run has made in its place is old enough for all
 * of S3 to know it. Answers why the working key has to stay; null where it may be deleted. `time`: null where AWS has not
 * told it.
 */
export async function whyTooNew(
  context: KeyContext,
  { id, createdAt }: Follower,
  time: ServiceTime | null,
  going: readonly string[],
): Promise<NotSettled | null> {
  const isKnown = time !== null && time.doubt?.kind !== 'no date' && createdAt !== null;
  const age = isKnown ? Math.max(0, time.asOf.getTime() - createdAt.getTime()) : 0;
  // Twice the time after which a pair is tried again: this one is tried by no run.
  const milliseconds = 2 * (context.s3.askedAgainAfter ?? ASKED_AGAIN_AFTER) - age;
  await pauseFor(context, 'knows the new key everywhere', id, going, milliseconds);
  return milliseconds > 0 && context.signal.aborted
    ? unsettled(id, { step: 'stopped', cause: STOPPED })
    : null;
}

async function pauseFor(
  context: KeyContext,
  until: string,
  accessKeyId: string,
  going: readonly string[],
  milliseconds: number,
): Promise<void> {
  if (milliseconds <= 0) return;
  const { clock, keys, signal } = context;
  const seconds = Math.ceil(milliseconds / 1000);
  const facts = { bucket: keys.bucket, access_key_id: accessKeyId, deletes: going, seconds };
  context.log(`Waiting until S3 ${until}, before the one before it is deleted`, facts);
  await clock.sleep(milliseconds, signal);
}

const STOPPED = 'This run was stopped before S3 was asked again.';

function unsettled(accessKeyId: string, why: NotAccepted): NotSettled {
  return { kind: 'successor not settled', accessKeyId, why };
}

type Asked =
  | { readonly state: 'accepted' }
  | { readonly state: 'denied'; readonly reason: string }
  | { readonly state: 'given up'; readonly why: NotAccepted };

/** `patience`: how long after the first denial another one is S3's last word, in milliseconds. */
async function askUntilAccepted(
  { s3, clock, signal }: KeyContext,
  pair: KeyPair,
  seconds: number,
  patience: number,
): Promise<Asked> {
  let deniedSince: number | null = null;
  const deadline = clock.elapsed() + seconds * 1000;
  for (;;) {
    const answer = await s3.accepts(pair);
    if (answer.state === 'accepted') return answer;
    if (answer.state === 'denied') {
      deniedSince ??= clock.elapsed();
      if (clock.elapsed() - deniedSince >= patience) return answer;
    }
    const cause = answer.reason;
    if (signal.aborted) return { state: 'given up', why: { step: 'stopped', cause } };
    if (clock.elapsed() >= deadline) return { state: 'given up', why: { step: 'verify', seconds, cause } };
    await clock.sleep(PAUSE, signal);
  }
}
