/** Whole numbers that an argument takes, both ends included. */
export interface WholeNumbers {
  readonly from: number;
  readonly to: number;
  readonly unit: string;
}

export const AFTER_DAYS: WholeNumbers = { from: 1, to: 3650, unit: 'days' };
export const OVERLAP_HOURS: WholeNumbers = { from: 0, to: 8760, unit: 'hours' };
export const VERIFY_SECONDS: WholeNumbers = { from: 1, to: 3600, unit: 'seconds' };
export const HOOK_SECONDS: WholeNumbers = { from: 1, to: 3600, unit: 'seconds' };
export const MAX_ATTEMPTS: WholeNumbers = { from: 1, to: 100, unit: 'attempts' };

/** What an argument is where it is not given. */
export const DEFAULTS = {
  overlapHours: 24,
  onStillUsed: 'block',
  exclusive: false,
  verify: true,
  verifySeconds: 60,
  hookSeconds: 60,
  onFailure: 'fail',
  onUnmanagedKey: 'fail',
  format: 'sdk',
  maxAttempts: 5,
} as const;

/** How a pair can be written for its consumer. */
export const FORMATS = ['sdk', 'env', 'credential_process', 'ini'] as const;
/** Of SSM parameters. */
export const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'] as const;
/** What becomes of a previous key that is still in use when its time is over. */
export const ON_STILL_USED = ['block', 'retire'] as const;
/** What the failure of a hook means. */
export const ON_FAILURE = ['fail', 'continue'] as const;
/** What an undeclared key does to a plan and to an apply. */
export const ON_UNMANAGED_KEY = ['fail', 'warn'] as const;

/** Keys of a bucket, by AWS's own limit. */
export const KEYS_OF_BUCKET = 2;

export function isWithin({ from, to }: WholeNumbers, value: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

/** "1 to 3650". */
export function span({ from, to }: WholeNumbers): string {
  return `${from} to ${to}`;
}

/** A bucket holds two keys: the one before has to be gone when the next one is due. */
export function isOverlapTooLong(afterDays: number, overlapHours: number): boolean {
  return overlapHours >= afterDays * 24;
}

/** The address of a service: with its scheme, since none can be guessed. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
