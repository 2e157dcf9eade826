import { StorePace } from '../../../src/aws/store-pace.js';

/** Time that goes on only where somebody waits for it. */
class FakeTime {
  at = 0;
  readonly now = () => this.at;
  readonly #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  readonly sleep = (milliseconds: number) =>
    new Promise<void>((wake) => {
      this.#sleepers.push({ until: this.at + milliseconds, wake });
    });

  /** Until all of the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const done = work.finally(() => {
      over.abort();
    });
    done.catch(() => undefined);
    for (;;) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      if (over.signal.aborted) return done;
      this.#sleepers.sort((a, b) => a.until - b.until);
      const next = this.#sleepers.shift();
      if (!next) continue;
      this.at = Math.max(this.at, next.until);
      next.wake();
    }
  }
}

/** A service that takes so many calls a second, and throttles the others. */
class Service {
  taken = 0;
  throttled = 0;
  #tokens: number;
  #filledAt = 0;

  constructor(
    private readonly time: FakeTime,
    private readonly perSecond: number,
  ) {
    this.#tokens = perSecond;
  }

  readonly call = (): Promise<string> => {
    const filled = this.#tokens + ((this.time.at - this.#filledAt) / 1000) * this.perSecond;
    this.#tokens = Math.min(this.perSecond, filled);
    this.#filledAt = this.time.at;
    if (this.#tokens < 1) {
      this.throttled += 1;
      return Promise.reject(throttling());
    }
    this.#tokens -= 1;
    this.taken += 1;
    return Promise.resolve('done');
  };
}

function throttling(): Error {
  return Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
}

const attempts = (count: number) => () => Promise.resolve(count);
let time: FakeTime;
let pace: StorePace;
let said: unknown[][];
const log = (...line: unknown[]) => said.push(line);
beforeEach(() => {
  time = new FakeTime();
  said = [];
  pace = new StorePace('Parameter Store', time);
});

describe('Calls to a store of AWS', () => {
  it('wait for nothing as long as none is throttled', async () => {
    const service = new Service(time, 1000);
    const calls = Array.from({ length: 100 }, () => pace.run('Put', service.call, { attempts: attempts(5) }));
    await time.run(Promise.all(calls));
    expect([time.at, service.taken, said]).toEqual([0, 100, []]);
  });

  it('all come through where it takes three a second, near that rate, with few that are throttled', async () => {
    const service = new Service(time, 3);
    // Ten at a time, as Terraform works.
    const worker = async () => {
      for (let call = 0; call < 36; call++)
        await pace.run('Put', service.call, { attempts: attempts(5), log });
    };
    await time.run(Promise.all(Array.from({ length: 10 }, worker)));
    expect(service.taken).toBe(360);
    expect(time.at / 1000).toBeLessThan((360 / 3) * 1.3);
    expect(service.throttled).toBeLessThan(100);
    expect(said[0]?.[0]).toBe('Parameter Store takes no more calls at once, and is waited for');
    expect(said.length).toBeLessThan(time.at / 5000 + 2);
  });

  it('of another kind are not kept waiting, and come as fast as before once nothing is throttled', async () => {
    const service = new Service(time, 3);
    const puts = Array.from({ length: 9 }, () => pace.run('Put', service.call, { attempts: attempts(5) }));
    await time.run(Promise.all(puts));
    const [from, quick] = [time.at, new Service(time, 1000)];
    await time.run(pace.run('Get', quick.call, { attempts: attempts(5) }));
    expect(time.at).toBe(from);
  });

  it('fail where none has come through for ten seconds for each further attempt, and the next ones at once', async () => {
    const never = () => Promise.reject(throttling());
    const call = () => time.run(pace.run('Put', never, { attempts: attempts(3) }));
    await expect(call()).rejects.toThrow('Rate exceeded');
    expect(time.at).toBeGreaterThanOrEqual(20_000);
    expect(time.at).toBeLessThan(25_000);
    const from = time.at;
    await expect(call()).rejects.toThrow('Rate exceeded');
    expect(time.at - from).toBeLessThan(5000);
    await expect(time.run(pace.run('Get', never, { attempts: attempts(1) }))).rejects.toThrow(
      'Rate exceeded',
    );
  });

  it('that fail for another reason are for the caller', async () => {
    const denied = () => Promise.reject(new Error('denied'));
    await expect(time.run(pace.run('Put', denied, { attempts: attempts(5) }))).rejects.toThrow('denied');
    expect(time.at).toBe(0);
  });
});
