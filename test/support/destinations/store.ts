import type { FaultLane } from '../fault-lane.js';

/** A store as those see it who are not the provider: the consumer of a pair, and whoever else may write there. */
export interface Store {
  /** The member of `secret`. */
  readonly member: string;
  /** The provider's way to it. */
  readonly lane: FaultLane;
  /** Where the provider calls. */
  readonly url: string;
  /** A place that is ready to take a pair and has never held one. */
  newPlace(): Promise<string>;
  /** The value of `secret` that sends a pair there; the provider gets the policy for it. */
  route(place: string, format?: string): string;
  /** How messages call the place. */
  title(place: string): string;
  /** The text that the consumer reads; null where there is none. */
  consumed(place: string): Promise<string | null>;
  /** What `secret_reference` has to be for the pair of that key. */
  reference(place: string, accessKeyId: string): Promise<string>;
  /** Names of everything that lies at the place and beside it. */
  left(place: string): Promise<readonly string[]>;
  /** Somebody deletes the pair. */
  lose(place: string): Promise<void>;
  /** Another writer puts a value of its own, or this one, over whatever is there. */
  overwrite(place: string, value?: string): Promise<void>;
  /** Whether what they wrote can still be had, as an earlier version, after something else has taken its place. */
  keepsOverwritten(place: string): Promise<boolean>;
  /** Runs once, after the call that staged, or promoted, a pair at the place; answers how to stop that. */
  after(step: 'stage' | 'promote', place: string, happens: () => Promise<void>): () => void;
  close(): Promise<void>;
}

/** After the first call of a name that matches, and before its answer is sent. */
export function afterCall(lane: FaultLane, name: RegExp, happens: () => Promise<void>): () => void {
  return lane.onCall(async (moment, call) => {
    if (moment === 'effect-done' && name.test(call.name)) await happens();
  });
}

export function escaped(text: string): string {
  return text.replace(/[/.*+?^${}()|[\]\\-]/g, '\\$&');
}
