import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition that another process brings about, and fails rather than hang when it does not. */
export async function until(condition: () => boolean, milliseconds = 120_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${milliseconds} ms: ${condition.toString()}`);
    await sleep(10);
  }
}
