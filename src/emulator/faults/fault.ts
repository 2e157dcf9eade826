import { type CallSubject } from '../service.js';
import { type S3RefusalCode } from '../state/access-key.js';
import { OPERATION_STATUSES, type OperationStatus } from '../state/operations.js';

/** Which calls a fault meets. What is left out matches everything. */
export interface FaultMatch {
  readonly service?: 'lightsail' | 's3';
  /** For example `CreateBucketAccessKey` or `ListObjectsV2`. */
  readonly operation?: string;
  readonly bucket?: string;
  /** The first matching call to be met, counted from 1 when the fault is added. Default 1. */
  readonly nth?: number;
  /** Applies to every Nth matching call from there on: 10 is a tenth of them. Default 1. */
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
  /**
   * S3 refuses the key that this call makes for so long: all of S3 or every so many-th front end, and `afterMs` after the
   * key was made. A connection leads to one front end. Several of these faults take effect together.
   */
  | {
      readonly kind: 'key-not-accepted';
      ms: number;
      afterMs?: number;
      /** Default InvalidAccessKeyId. */
      code?: S3RefusalCode;
      everyFrontEnd?: number;
    }
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

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  /** Matching calls since the fault was added. */
  seen: number;
  hits: number;
}

/** The faults in force and how often each has been met. */
export class FaultBook {
  #entries: Entry[] = [];
  #nextId = 1;

  add(fault: Fault): FaultHandle {
    const entry: Entry = { id: this.#nextId++, fault, seen: 0, hits: 0 };
    this.#entries.push(entry);
    return {
      id: entry.id,
      get hits() {
        return entry.hits;
      },
      remove: () => {
        this.remove(entry.id);
      },
    };
  }

  /** Answers whether there was such a fault. */
  remove(id: number): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < before;
  }

  clear(): void {
    this.#entries = [];
  }

  /** The faults that meet this call, in the order they were added. Counts as one occurrence for each. */
  take(service: string, subject: CallSubject): Fault[] {
    return this.#entries
      .filter(({ fault }) => matches(fault, service, subject))
      .filter((entry) => {
        entry.seen += 1;
        const { nth = 1, every = 1, times = 1 } = entry.fault;
        const since = entry.seen - nth;
        const isDue = since >= 0 && since % every === 0;
        const met = isDue && (times === 'always' || entry.hits < times);
        if (met) entry.hits += 1;
        return met;
      })
      .map(({ fault }) => fault);
  }
}

const [CREATE, DELETE] = ['CreateBucketAccessKey', 'DeleteBucketAccessKey'];

/** These are used up by nothing but such calls, even where no operation is named. */
const ONLY_AT: Partial<Record<Fault['kind'], readonly string[]>> = {
  'key-not-accepted': [CREATE],
  'key-not-listed': [CREATE],
  'key-not-known': [CREATE],
  'no-effect': [DELETE],
  operations: [CREATE, DELETE],
  'key-still-listed': [DELETE],
};

function matches(fault: Fault, service: string, subject: CallSubject): boolean {
  return (
    (ONLY_AT[fault.kind]?.includes(subject.operation) ?? true) &&
    (fault.service === undefined || fault.service === service) &&
    (fault.operation === undefined || fault.operation === subject.operation) &&
    (fault.bucket === undefined || fault.bucket === subject.bucket)
  );
}

/**
 * A fault out of JSON. A member it does not know is refused: a misspelt `operation` would otherwise meet every
 * call, and the test that added it would prove something else than its author thinks.
 */
export function parseFault(value: Readonly<Record<string, unknown>>): Fault {
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(ACTIONS, kind)) {
    throw new Error(`The kind of a fault is one of ${Object.keys(ACTIONS).join(', ')}.`);
  }
  const members: Record<string, Check> = { ...MATCH, ...ACTIONS[kind as Fault['kind']] };
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(members, name));
  if (unknown.length > 0) throw new Error(`A fault of kind ${kind} has no ${unknown.join(', ')}.`);
  const wrong = Object.keys(members).filter((name) => !members[name]?.(value[name]));
  if (wrong.length > 0)
    throw new Error(`A fault of kind ${kind} has a wrong or missing ${wrong.join(', ')}.`);
  return value as unknown as Fault;
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value !== '';
const count: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const oneOf =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const texts: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((each) => typeof each === 'string');

const when = oneOf('before', 'after');

const MATCH: Record<string, Check> = {
  kind: text,
  service: optional(oneOf('lightsail', 's3')),
  operation: optional(text),
  bucket: optional(text),
  nth: optional((value) => count(value) && value !== 0),
  every: optional((value) => count(value) && value !== 0),
  times: optional((value) => value === 'always' || (count(value) && value !== 0)),
};

const ACTIONS: Record<Fault['kind'], Record<string, Check>> = {
  error: {
    when,
    type: text,
    status: (value) => count(value) && (value as number) >= 400 && (value as number) <= 599,
    message: optional(text),
  },
  answer: {
    status: (value) => count(value) && (value as number) >= 200 && (value as number) <= 599,
    headers: optional(texts),
    body: optional((value) => typeof value === 'string'),
  },
  drop: { when },
  reset: { when },
  truncate: { framing: oneOf('short', 'complete') },
  delay: { when, ms: count },
  'late-effect': { ms: count },
  'key-not-accepted': {
    ms: count,
    afterMs: optional(count),
    code: optional(oneOf('InvalidAccessKeyId', 'AccessDenied', 'NoSuchBucket')),
    everyFrontEnd: optional((value) => count(value) && value !== 0),
  },
  'key-not-listed': { calls: optional(count), ms: optional(count) },
  'key-still-listed': {
    calls: optional(count),
    ms: optional(count),
    takesSlot: optional(oneOf(true, false)),
  },
  'key-not-known': { ms: count },
  'no-effect': {},
  operations: { status: oneOf(...OPERATION_STATUSES), errorCode: optional(text) },
  date: { ms: (value) => value === null || Number.isInteger(value) },
  body: { body: (value) => typeof value === 'string', contentType: optional(text) },
};
