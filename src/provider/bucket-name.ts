import type { Diagnostics, Path, Value } from '../plugin/index.js';

/** The API's own constraint: https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_Bucket.html */
const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,52}[a-z0-9]$/;

export function isBucketName(name: string): boolean {
  return BUCKET_NAME.test(name);
}

/** Refuses a name that Lightsail would refuse; one that is not known yet passes. */
export function validateBucketName(value: Value | undefined, path: Path, diagnostics: Diagnostics): void {
  if (typeof value !== 'string' || BUCKET_NAME.test(value)) return;
  diagnostics.error(
    `${JSON.stringify(value)} is not the name of a Lightsail bucket`,
    `A name has 3 to 54 characters (this one has ${value.length}): lowercase letters, digits and hyphens, beginning and ending with a letter or digit (${BUCKET_NAME.source}). No bucket can have this name, so no key was made. Give the name of the bucket as Lightsail lists it.`,
    path,
  );
}
