import type { Secret } from '../secret/secret.js';

/** The last request that was signed with a key, as the Lightsail API reports it. */
export interface LastUse {
  readonly date: Date;
  readonly region: string;
  readonly serviceName: string;
}

/** One access key of a bucket, as the Lightsail API lists it. */
export interface AccessKey {
  readonly id: string;
  readonly status: string;
  readonly createdAt: Date;
  /** Null when the key has never been used. */
  readonly lastUse: LastUse | null;
  /** No list has shown it yet: the answer that made it, the state or the journal prove it. */
  readonly isUnlisted?: true;
}

/** What a consumer needs to use a bucket: the key with its one-time secret. */
export interface KeyPair {
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly createdAt: Date;
}

/** A bucket holds no more keys than this. */
export const KEYS_PER_BUCKET = 2;

/** S3 refuses a key that is not: nobody can use it, and no call brings it back. */
export function isActive({ status }: Pick<AccessKey, 'status'>): boolean {
  return status === 'Active';
}
