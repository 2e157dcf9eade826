import type { Secret } from '../secret/secret.js';

/** The last request that was signed with a key, as the Lightsail API reports it. */
export interface LastUse {
  readonly date: Date;
  readonly region: string;
  readonly serviceName: string;
}

/** AWS's answer leaves it out. That is no word for or against anything: nothing is done because of it. */
export const NOT_REPORTED = 'not reported';
export type NotReported = typeof NOT_REPORTED;

/** The status of a key of which AWS tells none. */
export const UNKNOWN_STATUS = 'unknown';

/** One access key of a bucket, as the Lightsail API lists it. */
export interface AccessKey {
  readonly id: string;
  /** As AWS says it, also where it is a word that this version does not know; `unknown` where AWS says none. */
  readonly status: string;
  /** Null where AWS does not say it. */
  readonly createdAt: Date | null;
  /** Null when the key has never been used. */
  readonly lastUse: LastUse | NotReported | null;
  /** No list has shown it yet: the answer that made it, the state or the journal prove it. */
  readonly isUnlisted?: true;
}

/** What a consumer needs to use a bucket: the key with its one-time secret. */
export interface KeyPair {
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly createdAt: Date | null;
}

/** A bucket holds no more keys than this. */
export const KEYS_PER_BUCKET = 2;

/** S3 refuses the key, and no call brings it back. */
export function isInactive({ status }: Pick<AccessKey, 'status'>): boolean {
  return status === 'Inactive';
}

/** Whether AWS says of it what a deletion without its owner's word goes by: its status, and when it was made. */
export function isReportedInFull(key: Pick<AccessKey, 'status' | 'createdAt'>): boolean {
  return !isOfUnknownStatus(key) && key.createdAt !== null;
}

/** AWS says neither `Active` nor `Inactive`: it is unknown whether consumers can use the key. */
export function isOfUnknownStatus({ status }: Pick<AccessKey, 'status'>): boolean {
  return status !== 'Active' && status !== 'Inactive';
}
