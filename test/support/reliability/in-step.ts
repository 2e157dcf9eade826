import { setTimeout as sleep } from 'node:timers/promises';
import type { CallHook } from '../../../src/emulator/index.js';

/** Shorter than a client waits for its answer. */
const PATIENCE = 20_000;

/**
 * Lets no run list the bucket's keys before all of them are there, and then all at once: so often that all of them
 * take the same baseline and go for the journal together. Runs that were left to themselves would mostly meet one
 * that had ended.
 */
export function inStep(bucket: string, runs: number, times: number): CallHook {
  let waiting: (() => void)[] = [];
  let passed = 0;
  const goOn = () => {
    passed += 1;
    for (const go of waiting) go();
    waiting = [];
  };
  return async (moment, call) => {
    if (moment !== 'received' || call.bucket !== bucket) return;
    if (call.operation !== 'GetBucketAccessKeys' || passed >= times) return;
    const turn = new Promise<void>((resolve) => waiting.push(resolve));
    if (waiting.length === runs) goOn();
    else await Promise.race([turn, sleep(PATIENCE, undefined, { ref: false })]);
  };
}
