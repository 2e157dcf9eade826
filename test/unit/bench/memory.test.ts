import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type Cost, seeingMemory, unseenRemark } from '../../../bench/measure.js';
import { runningNow, watchMemory } from '../../../bench/process-tree.js';
import { medianOfSeen } from '../../../bench/results.js';

const cost = (peakBytes: number | undefined): Cost => ({ wallSeconds: 1, cpuSeconds: 1, peakBytes });

/** Answers one cost after the other. */
function inTurn(...costs: readonly Cost[]): () => Promise<Cost> {
  const left = [...costs];
  return () => Promise.resolve(left.shift() ?? cost(-1));
}

const onLinux = process.platform === 'linux' ? test : test.skip;

describe('Memory that was not seen', () => {
  beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('counts in no median', () => {
    expect(medianOfSeen([0, 30, 10, 20])).toBe(20);
    expect(medianOfSeen([0, undefined])).toBeUndefined();
  });

  it('is measured once more, and said', async () => {
    expect(await seeingMemory(inTurn(cost(0), cost(5)))).toEqual(cost(5));
    expect(await seeingMemory(inTurn(cost(0), cost(0), cost(5)))).toEqual(cost(0));
    expect(await seeingMemory(inTurn({ ...cost(5), peakProviderBytes: 0 } as Cost, cost(6)))).toEqual(
      cost(6),
    );
    expect(console.error).toHaveBeenCalledTimes(3);
  });

  it('is another thing than memory that cannot be seen on this system', async () => {
    expect(await seeingMemory(inTurn(cost(undefined), cost(5)))).toEqual(cost(undefined));
    expect(console.error).not.toHaveBeenCalled();
  });

  it('is named beside the results where it stayed so', () => {
    expect(unseenRemark([cost(5), cost(undefined)])).toEqual([]);
    expect(unseenRemark([cost(0), cost(5)])).toEqual([
      'In 1 of 2 runs some memory was not seen: its medians are of the others.',
    ]);
  });
});

onLinux('The memory of a child that was started before the first look is seen', async () => {
  const strangers = runningNow();
  const root = spawn('bash', ['-c', 'sleep 30 & echo started; wait'], { detached: true });
  await once(root.stdout, 'data');
  const memory = watchMemory(root.pid ?? 0, strangers);
  await pause(200);
  const seen = memory.stop();
  // The group: bash and its child.
  process.kill(-(root.pid ?? NaN));
  await once(root, 'close');
  expect(seen).toBeGreaterThan(0);
});
