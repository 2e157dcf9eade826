import { type CallSubject } from '../service.js';
import { type Fault, type FaultHandle } from './fault.js';

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
