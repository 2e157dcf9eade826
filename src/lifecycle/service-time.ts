/** Of two clocks that differ by more than this one is wrong, and which of the two is unknown here. */
const LARGEST_DIFFERENCE = 15 * 60_000;

/** Why the time of an answer is not to be relied on. */
export type TimeDoubt =
  | { readonly kind: 'no date' }
  /** `machine`: what this machine's clock said when the answer came. */
  | { readonly kind: 'clocks differ'; readonly machine: Date };

/** When an answer was given. */
export interface ServiceTime {
  /** The service's own time. Where it has told none, this machine's: good for writing down, and for nothing else. */
  readonly asOf: Date;
  /** With it nothing is due, and nothing is over. */
  readonly doubt?: TimeDoubt;
}

/** The time of an answer with this Date header. */
export function timeIn(header: string | undefined, machine = new Date()): ServiceTime {
  const date = Date.parse(header ?? '');
  if (Number.isNaN(date)) return { asOf: machine, doubt: { kind: 'no date' } };
  const asOf = new Date(date);
  return Math.abs(date - machine.getTime()) > LARGEST_DIFFERENCE
    ? { asOf, doubt: { kind: 'clocks differ', machine } }
    : { asOf };
}

/** The later one of two clocks that differ: by what is written down with it nothing is over too early. */
export function latest({ asOf, doubt }: ServiceTime): Date {
  return doubt?.kind === 'clocks differ' && doubt.machine > asOf ? doubt.machine : asOf;
}

/** The time by which something may be due or over; null: none is known. */
export function knownTime({ asOf, doubt }: ServiceTime): Date | null {
  return doubt ? null : asOf;
}
