import type { AccessKey, LastUse } from './access-key.js';
import { isInactive, isOfUnknownStatus, NOT_TOLD } from './access-key.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** When keys of a resource follow each other. All times are the service's. */
export interface RotationPolicy {
  /** Age at which a key is due, in days; null: its age never makes it due. */
  readonly afterDays: number | null;
  /** How long the previous key stays valid beside the new one; 0: it goes in the same apply. */
  readonly overlapHours: number;
  /** What becomes of a previous key that is still in use when its time is over. */
  readonly onStillUsed: 'block' | 'retire';
}

export const DEFAULT_OVERLAP_HOURS = 24;

export function dueAt(createdAt: Date, policy: { readonly afterDays: number }): Date;
export function dueAt(createdAt: Date, policy: Pick<RotationPolicy, 'afterDays'>): Date | null;
export function dueAt(createdAt: Date, { afterDays }: Pick<RotationPolicy, 'afterDays'>): Date | null {
  return afterDays === null ? null : new Date(createdAt.getTime() + afterDays * DAY);
}

/** The previous key's time ends this long after the current key was made. */
export function retireAfter(
  currentCreatedAt: Date,
  { overlapHours }: Pick<RotationPolicy, 'overlapHours'>,
): Date {
  return new Date(currentCreatedAt.getTime() + overlapHours * HOUR);
}

/** What is to become of a previous key now. */
export type Retirement =
  /** Its overlap is not over. */
  | { readonly kind: 'in overlap'; readonly until: Date }
  /** It was used within the last `overlapHours`, and the author wants it kept then. */
  | { readonly kind: 'blocked'; readonly until: Date; readonly use: LastUse }
  /** AWS's answer leaves out what would decide it, so it stays. */
  | { readonly kind: 'not told'; readonly what: Untold }
  /** Its pair lies where the current key's pair belongs: consumers read it. */
  | { readonly kind: 'restored' }
  /** It goes. `use`: whoever was seen with it may still use it. */
  | ({ readonly kind: 'due'; readonly use: LastUse | null } & (
      { readonly why: 'overlap-over'; readonly since: Date } | { readonly why: 'no-overlap' | 'inactive' }
    ));

/** What an answer did not tell: of one of the two keys, or the time of the answer itself. */
export type Untold =
  'its status' | "its successor's status" | "its successor's time" | 'its last use' | 'the time';

/** A key that S3 refuses needs no overlap. `asOf` null: nobody knows the time. */
export function retirementOf(
  policy: Pick<RotationPolicy, 'overlapHours' | 'onStillUsed'>,
  current: Pick<AccessKey, 'status' | 'createdAt'>,
  previous: Pick<AccessKey, 'status' | 'lastUse'>,
  asOf: Date | null,
): Retirement {
  const notTold = (what: Untold) => ({ kind: 'not told', what }) as const;
  if (isOfUnknownStatus(previous)) return notTold('its status');
  if (isOfUnknownStatus(current)) return notTold("its successor's status");
  if (current.createdAt === null) return notTold("its successor's time");
  if (asOf === null) return notTold('the time');
  if (isInactive(previous)) return { kind: 'due', why: 'inactive', use: null };
  // The service tells whole seconds, so a key used or made just now can seem to be of a later time than the answer.
  const lastUse = previous.lastUse === NOT_TOLD ? null : previous.lastUse;
  if (policy.overlapHours === 0) return { kind: 'due', why: 'no-overlap', use: lastUse };
  const until = retireAfter(current.createdAt, policy);
  if (asOf < until) return { kind: 'in overlap', until };
  if (previous.lastUse === NOT_TOLD && policy.onStillUsed === 'block') return notTold('its last use');
  const quietSince = asOf.getTime() - policy.overlapHours * HOUR;
  const use = lastUse && lastUse.date.getTime() > quietSince ? lastUse : null;
  return use && policy.onStillUsed === 'block'
    ? { kind: 'blocked', until, use }
    : { kind: 'due', why: 'overlap-over', since: until, use };
}
