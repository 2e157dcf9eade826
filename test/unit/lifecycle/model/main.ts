import { partsWith } from './parts.js';
import { nothingWalked } from './walk.js';
import type { Walked } from './walk.js';

/** What a walk in a process of its own has found. */
export interface Report {
  /** Violations that were found by the end of each part, by the part's title. */
  readonly found: Readonly<Record<string, readonly string[]>>;
  readonly histories: number;
  /** Pairs of a kind of decision and a happening that have never met. */
  readonly missing: readonly string[];
  /** How often each known violation was met. */
  readonly known: Readonly<Record<string, number>>;
  readonly coverage: string;
}

async function report(exclusive: boolean): Promise<Report> {
  const walked = nothingWalked();
  const found: Record<string, readonly string[]> = {};
  for (const part of partsWith(exclusive)) {
    await part.walk(walked);
    found[part.title] = violationsOf(walked);
  }
  const { histories, coverage, known } = walked;
  const { missing } = coverage;
  return { found, histories, missing, known: Object.fromEntries(known), coverage: coverage.toString() };
}

function violationsOf({ violations }: Walked): string[] {
  return [...violations].map(([what, { times, example }]) => `${what} (${times} times): ${example}`);
}

// Errors are made by the hundred thousand, and nobody reads where.
Error.stackTraceLimit = 0;
void report(process.argv[2] === 'exclusive').then((told) => {
  process.stdout.write(JSON.stringify(told));
});
