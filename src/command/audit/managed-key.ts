import type { Manager } from './report.js';

/** Where a state says that a bucket is. Null: it does not say. */
export interface Place {
  readonly region: string | null;
  readonly accountId: string | null;
}

/** A key that a state names, or the one that a resource of it has lost. */
export interface ManagedKey extends Manager {
  readonly bucket: string;
  /** Null: the resource has no current key, because it is gone or could not be made. */
  readonly accessKeyId: string | null;
  /** Of a current key, as its state says. */
  readonly createdAt: Date | null;
  /** Of a previous key: the end of its overlap. */
  readonly retireAfter: Date | null;
  /** Of a current key with `after_days`. */
  readonly rotationDueAt: Date | null;
  /** Imported or moved: its secret was never delivered, so it is due for rotation. */
  readonly isUndelivered: boolean;
  readonly place: Place;
}

/** What one state says. */
export interface ManagedState {
  readonly state: string;
  readonly keys: readonly ManagedKey[];
  readonly note: string | null;
}
