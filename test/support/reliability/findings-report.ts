import type { CrashResult } from './crash-point.js';
import { describePoint, violations } from './verdict.js';

/** Prints everything about the histories that have broken a promise; answers a line for each. */
export function reportBroken(results: readonly CrashResult[]): string[] {
  const broken = results.filter((result) => violations(result).length > 0);
  for (const result of broken) {
    const lines = [describePoint(result), ...violations(result).map((what) => `!! ${what}`), result.said];
    process.stdout.write(`\n${lines.join('\n')}\n`);
  }
  return broken.map((result) => `${describePoint(result)}: ${violations(result).join('; ')}`);
}
