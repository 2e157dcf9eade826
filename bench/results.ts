import { type Cost } from './measure.js';
import { type Starts } from './start.js';
import { type SubjectName } from './subjects.js';

export interface Runs {
  readonly plan: Cost[];
  readonly apply: Cost[];
}

export interface Measured {
  readonly subjects: Partial<Record<SubjectName, Runs>>;
  readonly starts: Starts;
  readonly mainBundleBytes: number;
}

/** What the project holds itself to. */
export interface Bar {
  readonly name: string;
  /** Undefined when it was not measured in this run. */
  readonly value: number | undefined;
  readonly atMost: number;
  readonly met: boolean | undefined;
}

export type Quantity = keyof Cost;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The median of one quantity; undefined where it was not measured. */
export function medianOf(
  measured: Measured,
  subject: SubjectName,
  command: keyof Runs,
  quantity: Quantity,
): number | undefined {
  const values = measured.subjects[subject]?.[command].map((cost) => cost[quantity]) ?? [];
  return medianOfSeen(values);
}

/** The median of what was seen: nothing takes no time or no memory. Undefined where nothing was. */
export function medianOfSeen(values: readonly (number | undefined)[]): number | undefined {
  const seen = values.filter((value): value is number => value !== undefined && value > 0);
  return seen.length > 0 ? median(seen) : undefined;
}

/** The medians by themselves, for those who read the JSON. */
export function medians(measured: Measured) {
  const of = (subject: SubjectName, command: keyof Runs) => ({
    wallSeconds: medianOf(measured, subject, command, 'wallSeconds'),
    cpuSeconds: medianOf(measured, subject, command, 'cpuSeconds'),
    peakBytes: medianOf(measured, subject, command, 'peakBytes'),
  });
  const subjects = Object.keys(measured.subjects) as SubjectName[];
  return {
    plan: Object.fromEntries(subjects.map((subject) => [subject, of(subject, 'plan')])),
    apply: Object.fromEntries(subjects.map((subject) => [subject, of(subject, 'apply')])),
    startMilliseconds: {
      emptyScriptToExit: median(measured.starts.emptyScriptToExit),
      printingScriptToOutput: median(measured.starts.printingScriptToOutput),
      providerToHandshake: median(measured.starts.providerToHandshake),
    },
  };
}

export function bars(measured: Measured): Bar[] {
  const toAws = (command: keyof Runs, quantity: Quantity) => {
    const ours = medianOf(measured, 'ours', command, quantity);
    const aws = medianOf(measured, 'aws', command, quantity);
    return ours === undefined || aws === undefined ? undefined : ours / aws;
  };
  const { emptyScriptToExit, providerToHandshake } = measured.starts;
  return [
    bar('plan: wall time to hashicorp/aws', toAws('plan', 'wallSeconds'), 1 / 12),
    bar('plan: CPU time to hashicorp/aws', toAws('plan', 'cpuSeconds'), 1 / 18),
    bar('plan: peak memory to hashicorp/aws', toAws('plan', 'peakBytes'), 1 / 3),
    bar('apply: wall time to hashicorp/aws', toAws('apply', 'wallSeconds'), 1 / 15),
    bar(
      'start to handshake, to an empty Node script',
      median(providerToHandshake) / median(emptyScriptToExit),
      2.2,
    ),
    bar(MAIN_BUNDLE, measured.mainBundleBytes, 120 * 1024),
  ];
}

export const MAIN_BUNDLE = 'main bundle, bytes';

function bar(name: string, value: number | undefined, atMost: number): Bar {
  return { name, value, atMost, met: value === undefined ? undefined : value <= atMost };
}
