import { NoAnswer } from '../../../src/aws/no-answer.js';
import { Pace } from '../../../src/lightsail/pace.js';

const throttled = () => new NoAnswer('Slow down.', 'slower');

function pace(): { pace: Pace; pauses: number[] } {
  const pauses: number[] = [];
  const sleep = (milliseconds: number) => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  return { pace: new Pace({ sleep, random: () => 1 }), pauses };
}

/** Runs calls that each take a turn of the event loop; answers how many were under way at once, call by call. */
async function run(
  pace: Pace,
  count: number,
  isThrottled: (call: number) => boolean = () => false,
): Promise<number[]> {
  let active = 0;
  let call = 0;
  const together: number[] = [];
  await Promise.all(
    Array.from({ length: count }, () =>
      pace.run(async () => {
        const number = ++call;
        together.push(++active);
        await new Promise((resolve) => setImmediate(resolve));
        active -= 1;
        if (isThrottled(number)) throw throttled();
      }),
    ),
  );
  return together;
}

describe('The pace of calls', () => {
  it('begins with five at once, and grows up to twenty as long as the API answers', async () => {
    const together = await run(pace().pace, 1000);
    expect(Math.max(...together.slice(0, 5))).toBe(5);
    expect(Math.max(...together)).toBe(20);
    expect(together).toHaveLength(1000);
  });

  it('halves when the API asks to slow down, once for all calls that were under way', async () => {
    const { pace: ofApi } = pace();
    await run(ofApi, 1000);
    const together = await run(ofApi, 200, (call) => call <= 20);
    expect(ofApi.throttled).toBe(20);
    expect(Math.max(...together.slice(40, 60))).toBeLessThanOrEqual(13);
    expect(Math.max(...together.slice(40, 60))).toBeGreaterThanOrEqual(10);
  });

  it('goes down to one call at a time, and no further', async () => {
    const { pace: ofApi } = pace();
    const together = await run(ofApi, 40, (call) => call <= 12);
    expect(together.slice(8, 13)).toEqual([1, 1, 1, 1, 1]);
    expect(together).toHaveLength(52);
  });

  it('makes a throttled call again after pauses that double, ten times at most', async () => {
    const { pace: ofApi, pauses } = pace();
    let calls = 0;
    const failing = ofApi.run(() => {
      calls += 1;
      return Promise.reject(throttled());
    });
    await expect(failing).rejects.toThrow('Slow down.');
    expect(calls).toBe(11);
    expect(pauses).toEqual([400, 800, 1600, 3200, 6400, 12_800, 20_000, 20_000, 20_000, 20_000]);
  });

  it('makes a lost call again three times, and a refused one never', async () => {
    const { pace: ofApi, pauses } = pace();
    const calls = { soon: 0, never: 0 };
    for (const repeat of ['soon', 'never'] as const) {
      const failing = ofApi.run(() => {
        calls[repeat] += 1;
        return Promise.reject(new NoAnswer('No.', repeat));
      });
      await expect(failing).rejects.toThrow('No.');
    }
    await expect(ofApi.run(() => Promise.reject(new TypeError('A defect.')))).rejects.toThrow(TypeError);
    expect(calls).toEqual({ soon: 4, never: 1 });
    expect(pauses).toEqual([200, 400, 800]);
  });

  it('makes a call again for nearly five minutes while AWS is not ready, however often it may be repeated', async () => {
    const pauses: number[] = [];
    const sleep = (milliseconds: number) => Promise.resolve(pauses.push(milliseconds));
    const ofApi = new Pace({ attempts: { soon: 1, slower: 1 }, sleep });
    const failing = ofApi.run(() => Promise.reject(new NoAnswer('Not ready.', 'later')));
    await expect(failing).rejects.toThrow('Not ready.');
    expect(pauses.slice(0, 4)).toEqual([5000, 10_000, 20_000, 30_000]);
    expect(pauses.reduce((all, each) => all + each)).toBe(275_000);
    expect([ofApi.notReady, ofApi.throttled]).toEqual([11, 0]);
  });

  it('does not wait for AWS to get ready once it is stopped', async () => {
    const stop = new AbortController();
    const ofApi = new Pace();
    const failing = ofApi.run(() => Promise.reject(new NoAnswer('Not ready.', 'later')), stop.signal);
    setTimeout(() => {
      stop.abort();
    }, 20);
    await expect(failing).rejects.toThrow('Not ready.');
    expect(ofApi.notReady).toBe(1);
  });

  it('makes a call as often as it is told, whatever the reason', async () => {
    const ofApi = new Pace({ attempts: { soon: 2, slower: 3 }, sleep: () => Promise.resolve() });
    const calls = { soon: 0, slower: 0 };
    for (const repeat of ['soon', 'slower'] as const) {
      const failing = ofApi.run(() => {
        calls[repeat] += 1;
        return Promise.reject(new NoAnswer('No.', repeat));
      });
      await expect(failing).rejects.toThrow('No.');
    }
    expect(calls).toEqual({ soon: 2, slower: 3 });
  });

  it('lets nothing wait once it is stopped, neither in a pause nor for its turn', async () => {
    const stop = new AbortController();
    const ofApi = new Pace({ random: () => 1 });
    const made: string[] = [];
    let open = (): void => undefined;
    const held = new Promise<void>((resolve) => (open = resolve));
    const pausing = ofApi.run(() => {
      made.push('pausing');
      return stop.signal.aborted ? Promise.resolve() : Promise.reject(throttled());
    }, stop.signal);
    const holding = Array.from({ length: 4 }, () => ofApi.run(() => held));
    const waiting = ofApi.run(() => {
      made.push('waiting');
      return Promise.resolve();
    }, stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(made).toEqual(['pausing']);
    stop.abort();
    await Promise.all([pausing, waiting]);
    expect(made.toSorted()).toEqual(['pausing', 'pausing', 'waiting']);
    open();
    await Promise.all(holding);
    expect(Math.max(...(await run(ofApi, 20)))).toBeLessThanOrEqual(ofApi.atOnce);
  });

  it('goes on with the next call when one fails', async () => {
    const { pace: ofApi } = pace();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) =>
        ofApi.run(() => (i % 2 ? Promise.resolve(i) : Promise.reject(new Error('x')))),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(25);
  });
});
