import { NOT_REPORTED, UNKNOWN_STATUS } from './access-key.js';
import type { AccessKey, LastUse } from './access-key.js';
import type { Seen } from './delete.js';
import type { Holder, LateWindow } from './journal/entry.js';
import type { Adoption } from './journal/lease.js';
import { reasonOf } from './lifecycle-error.js';
import type { BucketInRegion } from './ports.js';

const DAY = 86_400_000;

/** `AKIA… (Active, made 2026-01-31T10:00:00Z, 12 days ago, last used never)`: what a person needs to judge a key. */
export function describeKey(key: AccessKey, asOf: Date): string {
  const made = key.createdAt ? `made ${instant(key.createdAt)}` : 'made at a time that AWS does not report';
  if (key.isUnlisted) return `${key.id} (not listed yet, ${made})`;
  const age = key.createdAt ? `, ${ageOf(key.createdAt, asOf)}` : '';
  return `${key.id} (${statusOf(key)}, ${made}${age}, ${useOf(key)})`;
}

function ageOf(createdAt: Date, asOf: Date): string {
  const days = Math.max(0, Math.floor((asOf.getTime() - createdAt.getTime()) / DAY));
  return days === 0 ? 'less than a day ago' : days === 1 ? 'a day ago' : `${days} days ago`;
}

function statusOf({ status }: AccessKey): string {
  return status === UNKNOWN_STATUS ? 'of unknown status' : status;
}

function useOf({ lastUse }: AccessKey): string {
  if (lastUse === NOT_REPORTED) return 'last use not reported';
  return lastUse ? `last ${describeUse(lastUse)}` : 'never used';
}

/** `used 2026-01-31T10:00:00Z by s3 in eu-west-1`. */
export function describeUse({ date, serviceName, region }: LastUse): string {
  return [
    `used ${instant(date)}`,
    ...(serviceName === '' ? [] : [`by ${serviceName}`]),
    ...(region === '' ? [] : [`in ${region}`]),
  ].join(' ');
}

export function describeKeys(keys: readonly AccessKey[], asOf: Date): string {
  return keys.map((key) => describeKey(key, asOf)).join('; ');
}

/** RFC 3339, to the second. */
export function instant(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export function describeHolder(holder: Holder): string {
  return `process ${holder.pid} on ${holder.host}`;
}

/** The same with what its owner recognises it by. */
export function describeOrigin({ host, folder, workspace }: Holder): string {
  const where = folder === null ? '' : ` in folder ${folder}`;
  return `on ${host}${where}${workspace === 'default' ? '' : `, workspace ${workspace}`}`;
}

/** Whose delivered key it is that a resource takes over. */
export function runOf(as: Adoption): string {
  return as === 'claimed' ? 'a run whose lease is over' : 'a run that died';
}

/** Why a key is taken over of which no more is known than that. */
export const CLAIMED =
  'Whether a state has taken it is not known: exclusive = true says that no other resource makes keys on this bucket.';

export function ids(keys: readonly AccessKey[]): string {
  return keys.map((key) => key.id).join(' and ');
}

/** The commands that delete keys that are not needed, one for each. */
export function deletionCommands(
  { bucket, region }: BucketInRegion,
  keys: readonly Pick<AccessKey, 'id'>[],
): string[] {
  return keys.map(({ id }) => deletionCommand(bucket, region, id));
}

/** The command that deletes a key that is not needed: for the reader of a message, never run by us. */
export function deletionCommand(bucket: string, region: string, accessKeyId: string): string {
  return `aws lightsail delete-bucket-access-key --region ${region} --bucket-name ${bucket} --access-key-id ${accessKeyId}`;
}

/** The command that tells managed keys from others: for the reader of a message, never run by us. */
export function auditCommand({ bucket, region }: BucketInRegion): string {
  return `npx lightsail-access-key audit --region ${region} --bucket ${bucket}`;
}

/** The command that shows which keys there are: for the reader of a message, never run by us. */
export function listingCommand(bucket: string, region: string): string {
  return `aws lightsail get-bucket-access-keys --region ${region} --bucket-name ${bucket}`;
}

/** Why a key whose deletion was accepted is not known to be gone. */
export function whyNotGone(
  seen: Exclude<Seen, { kind: 'gone' }>,
  ending: 'stopped' | { readonly seconds: number },
): string {
  const end = ending === 'stopped' ? 'when Terraform was interrupted' : `after ${ending.seconds} s`;
  return `AWS accepted the deletion, but ${end} ${unproven(seen)}`;
}

function unproven(seen: Exclude<Seen, { kind: 'gone' }>): string {
  switch (seen.kind) {
    case 'listed':
      return 'GetBucketAccessKeys still showed the key.';
    case 'not listed yet':
      return 'GetBucketAccessKeys had never shown the key, so nothing proves that it is gone.';
    case 'not known':
      return `this provider could not verify whether the key was gone: ${reasonOf(seen.cause)}`;
  }
}

/** The command that takes a living key into the state: for the reader of a message, who knows the resource's address. */
export function importCommand(bucket: string, accessKeyId: string): string {
  return `terraform import ADDRESS ${bucket},${accessKeyId}`;
}

/** What a bucket may still get, whose, and until when. `by`: the run whose call got no answer. */
export function describeLateWindow(
  bucket: string,
  { until, ours = [], answered }: LateWindow,
  by: string,
): { readonly keys: readonly string[]; readonly happened: string; readonly why: readonly (string | null)[] } {
  const named = ours.length > 0 ? `, for instance ${ours.join(' or ')}` : '';
  return {
    keys: ours,
    happened: `Bucket ${bucket} may still get an unmanaged key${named}`,
    why: [
      answered
        ? null
        : `A CreateBucketAccessKey request of ${by} got no answer and may still create a key until ${until}.`,
      named && `Key ${ours.join(' and ')} was given up before any list had shown it, and may still appear.`,
    ],
  };
}
