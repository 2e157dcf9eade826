import { reasonOf } from './lifecycle-error.js';
import { BucketNotFound } from './ports.js';
import type { KeyContext } from './ports.js';
import { whyNotGone } from './wording.js';

/** In milliseconds. How long a list may take to show a key, and then that it is gone. */
const SHOWN_WITHIN = 60_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
/** A list that fails has been repeated already: it is asked for so often, and then nobody can tell. */
const LOOKS_IN_VAIN = 6;
/** Who waits for longer is told why. */
const WORTH_A_WORD = 1000;

/** AWS has accepted the deletion, and no list has shown that the key is gone. */
export class NotSeenGone extends Error {}

/**
 * The one way to delete a key. Returns once a list has shown that it is gone, whatever AWS has answered to the
 * deletion; throws when it may still be there. A deletion may be accepted and not happen, or meet a replica that does
 * not know the key, so it is sent again as long as the key is listed.
 */
export async function deleteKey(context: KeyContext, accessKeyId: string): Promise<void> {
  const { keys, known } = context;
  const wait = new Wait(context, accessKeyId);
  // As long as no list has ever shown it, one without it would not show that it is gone.
  while (known.unlistedSince(accessKeyId)) {
    const seen = await look(context, accessKeyId);
    if (seen.kind !== 'not listed yet' || !(await wait.goesOn(seen))) break;
  }
  for (let isAccepted = false; ;) {
    const refusal = await keys.delete(accessKeyId).then(
      () => null,
      (error: unknown) => error,
    );
    const seen = await look(context, accessKeyId);
    if (seen.kind === 'gone') {
      known.deleted(keys.bucket, accessKeyId);
      return;
    }
    isAccepted ||= refusal === null;
    if (!isAccepted) throw refusal;
    if (!(await wait.goesOn(seen))) throw new NotSeenGone(whyNotGone(seen, wait.ending));
  }
}

/** What a list says of a key that is to be deleted. */
export type Seen =
  | { readonly kind: 'gone' }
  | { readonly kind: 'listed' }
  /** No list has ever shown it, and it is so young that one may yet do so. */
  | { readonly kind: 'not listed yet' }
  | { readonly kind: 'not known'; readonly cause: unknown };

async function look({ keys }: KeyContext, accessKeyId: string): Promise<Seen> {
  try {
    const listing = await keys.list();
    const key = listing.keys.find(({ id }) => id === accessKeyId);
    if (!key) return { kind: 'gone' };
    return { kind: key.isUnlisted ? 'not listed yet' : 'listed' };
  } catch (cause) {
    return cause instanceof BucketNotFound ? { kind: 'gone' } : { kind: 'not known', cause };
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
  async goesOn(seen: Seen): Promise<boolean> {
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
