import type { LastUse, NotReported } from '../../lifecycle/access-key.js';

/** What an audit looks at, in the order in which it reports. */
export const CHECKS = [
  'missing',
  'inactive',
  'unmanaged',
  'over-age',
  'never-used',
  'overlap-expired',
  'rotation-due',
] as const;
export type Check = (typeof CHECKS)[number];

/** What each check means, for a reader who sees the page alone. */
export const MEANINGS: Readonly<Record<Check, string>> = {
  missing: 'A resource of a state has the key, and it is not there.',
  inactive: 'The key is switched off, so S3 refuses it.',
  unmanaged: 'The key is in none of the given states.',
  'over-age': 'The key is older than allowed.',
  'never-used': 'The key was made long ago and was never used.',
  'overlap-expired': 'The key was due for deletion after a rotation, and still exists.',
  'rotation-due': 'The key is due for rotation.',
};

/** Nothing can be said of these unless a state is given. */
export const OF_STATES: ReadonlySet<Check> = new Set([
  'missing',
  'unmanaged',
  'overlap-expired',
  'rotation-due',
]);

export interface Finding {
  readonly check: Check;
  /** What was found, what it means and what to do, with the bucket and the key's ID. Never a secret. */
  readonly message: string;
}

/** In days; null: not asked for. */
export interface Limits {
  readonly maxAgeDays: number | null;
  readonly neverUsedDays: number;
}

/** A resource of a state that says it has the key. */
export interface Manager {
  /** As Terraform writes it: `module.storage.lightsail_bucket_access_key.uploads["eu"]`. */
  readonly address: string;
  /** The state, as it was named on the command line or found in a CDKTF folder. */
  readonly state: string;
  /** `previous`: the key that a rotation has replaced, until its overlap ends. */
  readonly role: 'current' | 'previous';
}

export interface KeyReport {
  /** Null: a resource of a state has no current key, because it is gone or could not be made. */
  readonly accessKeyId: string | null;
  /** As the API says, mostly `Active` or `Inactive`, and `unknown` where it says nothing; null: a state names the key, and it is not there. */
  readonly status: string | null;
  /** Null for a key that is not there, or where the API does not say it. */
  readonly createdAt: Date | null;
  /** Whole days from its creation to the bucket's `asOf`; null where one of the two is not known. */
  readonly ageDays: number | null;
  /** Null: never, as far as the API knows. */
  readonly lastUsed: LastUse | NotReported | null;
  /** Empty for a key that no given state names. */
  readonly managedBy: readonly Manager[];
  /** The end of the overlap of a previous key. */
  readonly retirePreviousAfter: Date | null;
  /** When the state says that a current key is to be rotated. */
  readonly rotationDueAt: Date | null;
  /** What was looked at: a check that does not apply to a key is not there. */
  readonly checks: readonly Check[];
  /** Of these, what was found; in the order of {@link CHECKS}. */
  readonly findings: readonly Finding[];
  /** What could not be judged, because AWS's answer leaves it out; each a sentence. */
  readonly undetermined: readonly string[];
}

export interface BucketReport {
  readonly bucket: string;
  readonly region: string;
  /** `gone`: a state names it, and it is not in the region any more; `unreadable`: nobody can tell. */
  readonly outcome: 'read' | 'gone' | 'unreadable';
  /** Why it could not be read, in words. */
  readonly reason: string | null;
  /** AWS's time of the answer, by which ages and dates were judged; null for a bucket that was not read. */
  readonly asOf: Date | null;
  /** In the order of their creation; those that are not there come last. */
  readonly keys: readonly KeyReport[];
}

export interface RegionReport {
  readonly region: string;
  /** Whose they are, by the ARNs of its buckets; empty where none was listed. */
  readonly accounts: readonly string[];
  /** Buckets that were looked at. */
  readonly buckets: number;
  /** Why not all buckets of the region are known, in words. */
  readonly unreadable: string | null;
}

export interface StateReport {
  readonly state: string;
  /** Keys that it names. */
  readonly keys: number;
  /** Something to know about it, such as a stack of a CDKTF folder that has no state. */
  readonly note: string | null;
}

/** A key of a state about which this audit cannot say whether it is there. */
export interface NotJudged {
  readonly bucket: string;
  /** Null: as in {@link KeyReport}. */
  readonly accessKeyId: string | null;
  readonly address: string;
  readonly state: string;
  /** In words. */
  readonly reason: string;
  /** Nobody can say that its bucket is elsewhere: then the key may be missing, and the audit could not tell. */
  readonly couldBeHere: boolean;
}

/** Everything that an audit has to say; the renderers add nothing to it. */
export interface Report {
  /** The latest time in an answer of AWS; null when no bucket was read. */
  readonly asOf: Date | null;
  readonly limits: Limits;
  readonly regions: readonly RegionReport[];
  /** Null: no state was given, so no key can be unmanaged. */
  readonly states: readonly StateReport[] | null;
  /** By region and name. */
  readonly buckets: readonly BucketReport[];
  /** Buckets that `--bucket` names and no audited region has. */
  readonly notFound: readonly string[];
  readonly notJudged: readonly NotJudged[];
}

/** What a key is called in a sentence. */
export function keyWords(accessKeyId: string | null): string {
  return accessKeyId === null ? 'the current key' : `key ${accessKeyId}`;
}

export function findingsOf(report: Report): readonly Finding[] {
  return report.buckets.flatMap(({ keys }) => keys.flatMap(({ findings }) => findings));
}

/** Keys of the states of which nobody can say whether they are missing here or belong elsewhere. */
export function undeterminedOf({ notJudged }: Report): readonly NotJudged[] {
  return notJudged.filter(({ couldBeHere }) => couldBeHere);
}

/** What AWS's answers leave out about keys that they list. */
export function undeterminedAnswers({ buckets }: Report): readonly string[] {
  return buckets.flatMap(({ keys }) => keys.flatMap(({ undetermined }) => undetermined));
}

/** Whether something that was asked for could not be read, or told from what was read. */
function isIncomplete(report: Report): boolean {
  const { regions, buckets, notFound } = report;
  return (
    notFound.length > 0 ||
    undeterminedOf(report).length > 0 ||
    undeterminedAnswers(report).length > 0 ||
    regions.some(({ unreadable }) => unreadable !== null) ||
    buckets.some(({ outcome }) => outcome === 'unreadable')
  );
}

/** 0: nothing found; 2: findings; 1: could not tell, whatever else was found. */
export function exitStatus(report: Report): 0 | 1 | 2 {
  if (isIncomplete(report)) return 1;
  return findingsOf(report).length > 0 ? 2 : 0;
}

/** What a reader would take for judged where no state was given; null where one was. */
export function managementNotJudged({ states }: Report): string | null {
  return states === null
    ? 'Whether the keys are managed was not judged: no state was given. Give --state to find unmanaged and missing keys.'
    : null;
}
