import { type OperationStatus } from '../state/operations.js';

/** Which calls a fault meets. What is left out matches everything. */
export interface FaultMatch {
  readonly service?: 'lightsail' | 's3';
  /** For example `CreateBucketAccessKey` or `ListObjectsV2`. */
  readonly operation?: string;
  readonly bucket?: string;
  /** The first matching call to be met, counted from 1 when the fault is added. Default 1. */
  readonly nth?: number;
  /** Of the calls from there on only each so-manieth is met: 10 is a tenth of them. Default 1. */
  readonly every?: number;
  /** How many calls are met in all. Default 1. */
  readonly times?: number | 'always';
}

export type Moment = 'before' | 'after';

/** What happens to the call; `when` is before or after its effect. */
export type FaultAction =
  /** The service refuses, or has done the work and says that it failed. */
  | { readonly kind: 'error'; when: Moment; type: string; status: number; message?: string }
  /** Something in between answers instead of the service. */
  | {
      readonly kind: 'answer';
      status: number;
      headers?: Readonly<Record<string, string>>;
      body?: string;
    }
  /** The connection is closed without an answer. */
  | { readonly kind: 'drop'; when: Moment }
  /** The connection is reset (TCP RST) without an answer. */
  | { readonly kind: 'reset'; when: Moment }
  /** The answer stops halfway: `short` with fewer bytes than announced, `complete` as well-framed broken JSON. */
  | { readonly kind: 'truncate'; framing: 'short' | 'complete' }
  /** The service takes its time; the client may give up meanwhile. */
  | { readonly kind: 'delay'; when: Moment; ms: number }
  /** The connection is closed, and the call lands so much later all the same. */
  | { readonly kind: 'late-effect'; ms: number }
  /** S3 does not know the key that this call makes for so long. */
  | { readonly kind: 'key-not-accepted'; ms: number }
  /** So many GetBucketAccessKeys answers, and those for so long, leave out the key that this call makes. */
  | { readonly kind: 'key-not-listed'; calls?: number; ms?: number }
  /** For so long DeleteBucketAccessKey says of the key that this call makes that it does not exist. */
  | { readonly kind: 'key-not-known'; ms: number }
  /** A DeleteBucketAccessKey is answered as if it were done, and the key stays. */
  | { readonly kind: 'no-effect' }
  /** The operations that a call on keys reports have this status; what the call does is not changed by it. */
  | { readonly kind: 'operations'; status: OperationStatus; errorCode?: string }
  /** The call takes effect, and its answer has this body. */
  | { readonly kind: 'body'; body: string; contentType?: string }
  /** The answer's Date is so many milliseconds ahead of the emulator's clock (behind it below 0); null: it has none. */
  | { readonly kind: 'date'; readonly ms: number | null }
  /** So many GetBucketAccessKeys answers, and those for so long, still show the key that this call deletes. */
  | { readonly kind: 'key-still-listed'; calls?: number; ms?: number; takesSlot?: boolean };

export type Fault = FaultMatch & FaultAction;

export interface FaultHandle {
  readonly id: number;
  /** How many calls it has met so far. */
  readonly hits: number;
  remove(): void;
}
