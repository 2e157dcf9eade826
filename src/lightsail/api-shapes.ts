import type { AccessKey as BucketAccessKey, Operation } from '@aws-sdk/client-lightsail';
import type { AccessKey } from '../lifecycle/access-key.js';

export type { BucketAccessKey };

/** The API's key in our terms. A key that was never used has no date, and `N/A` as its region and service. */
export function toAccessKey(key: BucketAccessKey): AccessKey {
  const { lastUsedDate: date, region, serviceName } = key.lastUsed ?? {};
  return {
    id: key.accessKeyId ?? '',
    status: key.status ?? '',
    createdAt: key.createdAt ?? new Date(0),
    lastUse: date ? { date, region: region ?? '', serviceName: serviceName ?? '' } : null,
  };
}

/** Why an accepted call failed after all, by the operations in its answer; null where none says so. */
export function failureIn(call: string, operations: readonly Operation[] = []): string | null {
  const failed = operations.find(({ status }) => status === 'Failed');
  if (!failed) return null;
  const code = failed.errorCode ? ` with ${failed.errorCode}` : '';
  return `${call} was accepted, and its operation has failed${code}.`;
}
