import type { AccessKey as BucketAccessKey, Operation } from '@aws-sdk/client-lightsail';
import { NOT_TOLD, UNKNOWN_STATUS } from '../lifecycle/access-key.js';
import type { AccessKey } from '../lifecycle/access-key.js';

export type { BucketAccessKey };

/** A listed key in our terms; what the answer leaves out is not made up. */
export function toAccessKey(key: BucketAccessKey): AccessKey {
  return {
    id: key.accessKeyId ?? '',
    status: statusIn(key),
    createdAt: instantIn(key.createdAt),
    lastUse: lastUseIn(key.lastUsed),
  };
}

/** An answer may lack what the SDK's types promise. */
function statusIn({ status }: { readonly status?: unknown }): string {
  return typeof status === 'string' && status !== '' ? status : UNKNOWN_STATUS;
}

/** A key in the answer that made it, which says nothing of its use. */
export function toNewKey(key: BucketAccessKey): AccessKey {
  return { ...toAccessKey(key), lastUse: null };
}

/** A key that was never used has no date, and `N/A` as its region and service. */
function lastUseIn(lastUsed: BucketAccessKey['lastUsed']): AccessKey['lastUse'] {
  const { lastUsedDate, region = '', serviceName = '' } = lastUsed ?? {};
  const date = instantIn(lastUsedDate);
  if (date) return { date, region, serviceName };
  return region === NEVER && serviceName === NEVER ? null : NOT_TOLD;
}

const NEVER = 'N/A';

/** Lightsail has no key of 1970: that is how a missing time comes out of a program. */
function instantIn(date: Date | undefined): Date | null {
  return date instanceof Date && date.getTime() > 0 ? date : null;
}

/** Why an accepted call failed after all, by the operations in its answer; null where none says so. */
export function failureIn(call: string, operations: readonly Operation[] = []): string | null {
  const failed = operations.find(({ status }) => status === 'Failed');
  if (!failed) return null;
  const code = failed.errorCode ? ` with ${failed.errorCode}` : '';
  return `${call} was accepted, and its operation has failed${code}.`;
}
