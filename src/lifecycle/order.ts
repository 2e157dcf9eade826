import type { AccessKey } from './access-key.js';
import type { Delivery } from './destination.js';

/** What the author asked for. */
export interface Order {
  /** This resource alone makes keys on the bucket, so what appeared during its own failed call may be deleted. */
  readonly exclusive: boolean;
  /** How long S3 may take to accept the key, in seconds; null: it is not asked. */
  readonly verifySeconds: number | null;
}

/** A living key whose pair is where its consumers look for it. */
export interface Issued {
  readonly key: AccessKey;
  readonly delivery: Delivery;
}
