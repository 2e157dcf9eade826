import { randomUUID } from 'node:crypto';
import { markOf } from './journal/entry.js';
import type { LateWindow } from './journal/entry.js';
import { UnreadableRecord } from './journal/stored-record.js';
import { LifecycleError, reasonOf } from './lifecycle-error.js';
import type { Details } from './lifecycle-error.js';
import type { Message } from './message.js';
import { journalLeft, keyNotDeleted, leftoverNotDeleted, pairLeft, valueLeft } from './messages/deletion.js';
import type { KeyContext } from './ports.js';
import { listUnlessGone } from './list-keys.js';
import { NotReady } from './ports.js';
import { Readiness } from './readiness.js';
import { whyNotGone } from './wording.js';

/** A leftover is in the resource's memory or in the journal, and in no attribute of its state. */
type As = 'key of the state' | 'leftover';

/**
 * Deletes one key of the state, then its pair at the destination, where that is still its own: under
 * `create_before_destroy` the new pair is already there.
 */
export async function deleteWithPair(
  context: KeyContext,
  accessKeyId: string,
  as: As = 'key of the state',
): Promise<void> {
  await deleteAlone(context, accessKeyId, as);
  await removePair(context, accessKeyId);
}

/** Its pair stays where it is. */
export async function deleteAlone(context: KeyContext, accessKeyId: string, as: As): Promise<void> {
  const { bucket } = context.keys;
  const { title } = context.destination;
  context.known.sawInState(accessKeyId);
  await context.hooks.beforeDeletion(accessKeyId);
  try {
    await deleteKey(context, accessKeyId);
  } catch (error) {
    const said =
      as === 'leftover'
        ? leftoverNotDeleted(bucket, accessKeyId, error)
        : keyNotDeleted(bucket, accessKeyId, title, error);
    throw failedDeletion({ said, cause: error });
  }
}

/** Of a key that is deleted. */
export async function removePair(context: KeyContext, accessKeyId: string): Promise<void> {
  const { bucket } = context.keys;
  const { title } = context.destination;
  const lateWindow = await lateWindowBeside(context, accessKeyId);
  if (lateWindow) context.known.leavesOpen(bucket, lateWindow);
  try {
    const outcome = await context.destination.remove(accessKeyId);
    if (outcome === 'not-ours' && (await context.destination.read()).current?.accessKeyId === null) {
      context.warn(valueLeft(bucket, accessKeyId, title));
    }
    if (lateWindow) await keepLateWindow(context, accessKeyId, lateWindow);
  } catch (error) {
    context.warn(pairLeft(bucket, accessKeyId, title, error));
  }
}

/** What the journal asks to look out for goes with the pair's mark, so it is taken aside. */
async function lateWindowBeside(context: KeyContext, accessKeyId: string): Promise<LateWindow | null> {
  const { journal, title } = context.destination;
  const reading = await journal?.read().catch((error: unknown) => {
    if (error instanceof UnreadableRecord) context.warn(journalLeft(context.keys, accessKeyId, title, error));
    return null;
  });
  return markOf(reading?.entry, accessKeyId)?.lateWindow ?? null;
}

/** A create without an answer may still take effect: who makes the next key for this destination looks out for it. */
async function keepLateWindow(
  context: KeyContext,
  accessKeyId: string,
  lateWindow: LateWindow,
): Promise<void> {
  const { journal } = context.destination;
  const reading = await journal?.read();
  if (!journal || !reading || reading.entry) return;
  await journal.write(
    {
      phase: 'intent',
      nonce: randomUUID(),
      bucket: context.keys.bucket,
      baseline: lateWindow.baseline,
      holder: context.runs.self,
      begunAt: lateWindow.since,
      expiresAt: lateWindow.until,
      released: true,
      answered: true,
      lateWindow,
      replaces: accessKeyId,
    },
    reading.revision,
  );
}

/** In milliseconds. How long a list may take to show a key, and then that it is gone. */
const SHOWN_WITHIN = 60_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
/** A list that fails has been repeated already: it is asked for so often, and then that stays unknown. */
const LOOKS_IN_VAIN = 6;
/** Who waits for longer is told why. */
const WORTH_A_WORD = 1000;

/** AWS has accepted the deletion, and no list has shown that the key is gone. */
export class NotSeenGone extends Error {
  constructor(
    message: string,
    /** What the last list has said. */
    readonly seen: Seen['kind'],
  ) {
    super(message);
  }
}

/** The same of a key that no list has ever shown: it is gone, or one may show it yet. */
class NeverListed extends LifecycleError {}

export function failedDeletion(
  { said, cause }: { readonly said: Message; readonly cause: unknown },
  about: Details = { subject: 'key' },
): LifecycleError {
  const isUnseen = cause instanceof NotSeenGone && cause.seen === 'not listed yet';
  return new (isUnseen ? NeverListed : LifecycleError)(said, about);
}

/**
 * Gives such a key up: it takes no slot of this process any more. Answers whether it did: a run that is told to stop
 * gives up none.
 */
export function giveUpUnseen(
  { keys, known, signal }: KeyContext,
  accessKeyId: string,
  error: unknown,
): boolean {
  if (!(error instanceof NeverListed) || signal.aborted) return false;
  known.deletedUnseen(keys.bucket, accessKeyId);
  return true;
}

/**
 * The one way to delete a key. Returns once a list has shown that it is gone, whatever AWS has answered to the
 * deletion; throws when it may still be there. A deletion may be accepted and not happen, or meet a replica that does
 * not know the key, so it is sent again as long as the key is listed.
 */
export async function deleteKey(context: KeyContext, accessKeyId: string): Promise<void> {
  const { keys, known } = context;
  let wait = new Wait(context, accessKeyId);
  // As long as no list has ever shown it, one without it would not show that it is gone.
  while (known.unlistedSince(accessKeyId)) {
    const seen = await look(context, accessKeyId);
    if (seen.kind !== 'not listed yet' || !(await wait.continues(seen))) break;
  }
  const readiness = new Readiness(context, 'DeleteBucketAccessKey');
  for (let isAccepted = false; ;) {
    const refusal = await keys.delete(accessKeyId).then(
      () => null,
      (error: unknown) => error,
    );
    const seen = await look(context, accessKeyId);
    if (seen.kind === 'gone') {
      known.deleted(keys.bucket, accessKeyId);
      context.runs.forget(accessKeyId);
      return;
    }
    isAccepted ||= refusal === null;
    if (refusal instanceof NotReady && (await readiness.continues(refusal.message))) {
      wait = new Wait(context, accessKeyId);
      continue;
    }
    if (!isAccepted) throw refusal;
    if (!(await wait.continues(seen))) throw new NotSeenGone(whyNotGone(seen, wait.ending), seen.kind);
  }
}

/** What a list says of a key that is to be deleted. */
export type Seen =
  | { readonly kind: 'gone' }
  | { readonly kind: 'listed' }
  /** No list has ever shown it, and it is so young that one may yet do so. */
  | { readonly kind: 'not listed yet' }
  | { readonly kind: 'not known'; readonly cause: unknown };

async function look(context: KeyContext, accessKeyId: string): Promise<Seen> {
  try {
    // With its bucket every key is gone.
    const { keys = [] } = (await listUnlessGone(context)) ?? {};
    const key = keys.find(({ id }) => id === accessKeyId);
    if (!key) return { kind: 'gone' };
    return { kind: key.isUnlisted ? 'not listed yet' : 'listed' };
  } catch (cause) {
    return { kind: 'not known', cause };
  }
}

/** The time that one deletion takes in all. */
class Wait {
  readonly #began: number;
  #pause = FIRST_PAUSE;
  #inVain = 0;

  constructor(
    private readonly context: KeyContext,
    private readonly accessKeyId: string,
  ) {
    this.#began = context.clock.elapsed();
  }

  /** Pauses before the next look; false when there is none. */
  async continues(seen: Seen): Promise<boolean> {
    const { clock, signal } = this.context;
    if (seen.kind === 'not known') this.#inVain += 1;
    const isOver = this.#inVain >= LOOKS_IN_VAIN || this.#milliseconds >= SHOWN_WITHIN;
    if (signal.aborted || isOver) return false;
    if (this.#milliseconds >= WORTH_A_WORD) this.#tell(seen);
    await clock.sleep(this.#pause, signal);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    return true;
  }

  /** Why it is over. */
  get ending(): 'stopped' | { readonly seconds: number } {
    return this.context.signal.aborted ? 'stopped' : { seconds: this.#seconds };
  }

  get #milliseconds(): number {
    return this.context.clock.elapsed() - this.#began;
  }

  get #seconds(): number {
    return Math.round(this.#milliseconds / 1000);
  }

  #tell(seen: Seen): void {
    this.context.log('Waiting for the list to show what has become of a key that is deleted', {
      bucket: this.context.keys.bucket,
      access_key_id: this.accessKeyId,
      seconds: this.#seconds,
      list: seen.kind === 'not known' ? reasonOf(seen.cause) : seen.kind,
    });
  }
}
