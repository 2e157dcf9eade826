import { KEYS_PER_BUCKET } from './access-key.js';

/** What one resource's apply does to the slots of its bucket, in this order. */
export interface SlotUse {
  /** IDs of the keys that it has now, the current one first. */
  readonly keys: readonly string[];
  /** IDs of the keys that it deletes first. */
  readonly first: readonly string[];
  /** Where the pair of its new key goes; null where it makes none. */
  readonly makes: string | null;
  /** IDs of the keys that it deletes then. */
  readonly then: readonly string[];
  /** Its author asked for it, so that it is an error where it cannot be. */
  readonly isAsked: boolean;
  /** It has no key that works so far. */
  readonly isNew: boolean;
  /** Its key is to be followed by others. */
  readonly rotates: boolean;
}

/** What the plans of other resources of this process make of one bucket. */
export interface OtherUses {
  readonly uses: readonly SlotUse[];
  /** Keys that one of these plans has found on the bucket; null: none has looked. */
  readonly listed: readonly string[] | null;
}

export const NO_OTHERS: OtherUses = { uses: [], listed: null };

export type Fit = 'in any order' | 'in some order' | 'in no order';

/**
 * Whether all of them find room on a bucket that holds these keys. Terraform applies what does not depend on each
 * other in any order, and a bucket's work is done one after the other.
 */
export function fit(taken: readonly string[], uses: readonly SlotUse[]): Fit {
  // A key that is made stays: beyond two there is no room in any order.
  if (uses.filter(({ makes }) => makes !== null).length > KEYS_PER_BUCKET) return 'in no order';
  const acting = uses.filter(
    ({ first, makes, then }) => makes !== null || [...first, ...then].some((id) => taken.includes(id)),
  );
  const fits = orders(acting).map((order) => hasRoom(taken, order));
  if (fits.every(Boolean)) return 'in any order';
  return fits.some(Boolean) ? 'in some order' : 'in no order';
}

function hasRoom(taken: readonly string[], order: readonly SlotUse[]): boolean {
  let keys = [...taken];
  let made = 0;
  for (const { first, makes, then } of order) {
    keys = keys.filter((id) => !first.includes(id));
    if (makes !== null) {
      if (keys.length + made >= KEYS_PER_BUCKET) return false;
      made += 1;
    }
    keys = keys.filter((id) => !then.includes(id));
  }
  return true;
}

/** A bucket has room for few, and whoever finds none is not among them: there are never many. */
function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) =>
    orders(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  );
}

/** The other plans without which there would be room, or that have to come first. */
export function inTheWayOf(
  taken: readonly string[],
  mine: SlotUse,
  others: readonly SlotUse[],
): readonly SlotUse[] {
  const relevant = others.filter((other) => fit(taken, [mine, other]) !== fit(taken, [mine]));
  return relevant.length > 0
    ? relevant
    : others.filter(({ makes, keys }) => makes !== null || keys.length > 0);
}

/**
 * Of the keys that a list shows, those that are there until a plan of this process takes them away. A key of some state
 * whose resource is not planned yet may be that of the very resource that is asked for: Terraform shows no state of one
 * that it makes anew.
 */
export function takenOn(
  listed: readonly string[],
  ours: Pick<ReadonlySet<string>, 'has'>,
  uses: readonly SlotUse[],
): readonly string[] {
  return listed.filter((id) => !ours.has(id) || uses.some(({ keys }) => keys.includes(id)));
}

/** What a plan that makes no key means for another resource's new key, which was planned before it. */
export interface Effect {
  readonly wanting: Maker;
  readonly fit: Exclude<Fit, 'in any order'>;
  /** The plans that the new key has to come after, or has no room beside. */
  readonly others: readonly SlotUse[];
}

type Maker = SlotUse & { readonly makes: string };

/** Null where it changes nothing: Terraform plans in any order, and whoever comes last completes the picture. */
export function effectOf(
  mine: SlotUse,
  { uses, listed }: OtherUses,
  ours: Pick<ReadonlySet<string>, 'has'>,
): Effect | null {
  const makers = uses.filter((use): use is Maker => use.makes !== null);
  const wanting = makers.findLast(({ isAsked }) => isAsked) ?? makers.at(-1);
  if (mine.makes !== null || !wanting || !listed) return null;
  const taken = takenOn(listed, ours, [...uses, mine]);
  const together = fit(taken, [...uses, mine]);
  const before = fit(takenOn(listed, ours, uses), uses);
  if (together === 'in any order' || together === before || before === 'in no order') return null;
  const rest = [...uses.filter((use) => use !== wanting), mine];
  return { wanting, fit: together, others: inTheWayOf(taken, wanting, rest) };
}

/** Another resource of this bucket beside which neither can be rotated: a key that is to come needs a third slot. */
export function rotatesBeside(mine: SlotUse, { uses }: OtherUses): SlotUse | null {
  const stays = (use: SlotUse) =>
    use.makes !== null || use.keys.some((id) => ![...use.first, ...use.then].includes(id));
  if (!stays(mine)) return null;
  return (
    uses.find((other) => stays(other) && (mine.isNew || other.isNew) && (mine.rotates || other.rotates)) ??
    null
  );
}

/** What this process has planned so far, for each bucket. */
export class PlannedSlots {
  readonly #buckets = new Map<string, Map<unknown, SlotUse>>();
  readonly #listed = new Map<string, readonly string[]>();
  #isOver = false;

  /** `by`: which resource it is. Its later plan takes the place of an earlier one. */
  plans(bucket: string, by: unknown, use: SlotUse): void {
    const uses = this.#buckets.get(bucket) ?? new Map<unknown, SlotUse>();
    this.#buckets.set(bucket, uses.set(by, use));
  }

  /** A plan has looked at the bucket; null: it could not. */
  found(bucket: string, listed: readonly string[] | null): void {
    if (listed) this.#listed.set(bucket, listed);
  }

  othersOn(bucket: string, by: unknown): OtherUses {
    if (this.#isOver) return NO_OTHERS;
    const uses = [...(this.#buckets.get(bucket) ?? [])].filter(([other]) => other !== by);
    return { uses: uses.map(([, use]) => use), listed: this.#listed.get(bucket) ?? null };
  }

  /** Keys are made or deleted from now on, so that what was planned is there in part: only lists tell. */
  beginsToChange(): void {
    this.#isOver = true;
  }
}
