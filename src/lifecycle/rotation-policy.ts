import type { AccessKey, LastUse } from './access-key.js';
import { isInactive, isOfUnknownStatus, NOT_REPORTED } from './access-key.js';

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

/** IAM shows a use up to four hours later, and of the uses within a quarter of an hour the first alone. */
export const USE_SHOWN_WITHIN_HOURS = 5;

/** Without a use for so long, a previous key is taken to be in use no more. */
export function quietHours({ overlapHours }: Pick<RotationPolicy, 'overlapHours'>): number {
  return Math.max(overlapHours, USE_SHOWN_WITHIN_HOURS);
}

/** Whether the previous key can be deleted now. */
export type Retirement =
  /** Its overlap is not over. */
  | { readonly kind: 'in overlap'; readonly until: Date }
  /** It was used within the last {@link quietHours}, and the author wants it kept then. */
  | { readonly kind: 'blocked'; readonly until: Date; readonly use: LastUse }
  /** AWS's answer leaves out what would decide it, so it stays. */
  | { readonly kind: 'undetermined'; readonly what: Undetermined }
  /** Its pair lies where the current key's pair belongs: consumers read it. */
  | { readonly kind: 'restored' }
  /** The key that has followed it is gone, or S3 refuses it: consumers have no other key. */
  | { readonly kind: 'successor unusable' }
  /** Consumers have not been told of the key that has followed it. */
  | { readonly kind: 'successor not announced' }
  /** It goes. `use`: whoever was seen with it may still use it. */
  | ({ readonly kind: 'due'; readonly use: LastUse | null } & (
      { readonly why: 'overlap-over'; readonly since: Date } | { readonly why: 'no-overlap' | 'inactive' }
    ));

/** What an answer did not tell: of one of the two keys, or the time of the answer itself. */
export type Undetermined =
  'its status' | "its successor's status" | "its successor's time" | 'its last use' | 'the time';

/** A key that S3 refuses needs no overlap. `asOf` null: the time is unknown. */
export function retirementOf(
  policy: Pick<RotationPolicy, 'overlapHours' | 'onStillUsed'>,
  current: Pick<AccessKey, 'status' | 'createdAt'>,
  previous: Pick<AccessKey, 'status' | 'lastUse'>,
  asOf: Date | null,
): Retirement {
  const notTold = (what: Undetermined) => ({ kind: 'undetermined', what }) as const;
  if (isOfUnknownStatus(previous)) return notTold('its status');
  if (isOfUnknownStatus(current)) return notTold("its successor's status");
  if (isInactive(previous)) return { kind: 'due', why: 'inactive', use: null };
  if (isInactive(current)) return { kind: 'successor unusable' };
  const lastUse = previous.lastUse === NOT_REPORTED ? null : previous.lastUse;
  if (policy.overlapHours === 0) return { kind: 'due', why: 'no-overlap', use: lastUse };
  // From here on, what becomes of it is a matter of time.
  if (current.createdAt === null) return notTold("its successor's time");
  if (asOf === null) return notTold('the time');
  const until = retireAfter(current.createdAt, policy);
  if (asOf < until) return { kind: 'in overlap', until };
  if (previous.lastUse === NOT_REPORTED && policy.onStillUsed === 'block') return notTold('its last use');
  const quietSince = asOf.getTime() - quietHours(policy) * HOUR;
  const use = lastUse && lastUse.date.getTime() > quietSince ? lastUse : null;
  return use && policy.onStillUsed === 'block'
    ? { kind: 'blocked', until, use }
    : { kind: 'due', why: 'overlap-over', since: until, use };
}
