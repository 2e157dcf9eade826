import type { BucketKeys, Listing } from '../../../src/lifecycle/ports.js';
import { Listings } from '../../../src/provider/listings.js';

const BUCKET = 'uploads';

/** Lists that are answered by hand, each with its number as the only key's ID. */
function bench() {
  const listings = new Listings();
  const requests: { answer(): void; fail(): void; signal: AbortSignal }[] = [];
  const changes: string[] = [];
  const keysUntil = (signal: AbortSignal): BucketKeys => ({
    bucket: BUCKET,
    region: 'eu-west-1',
    list: () =>
      new Promise<Listing>((resolve, reject) => {
        const key = {
          id: String(requests.length + 1),
          status: 'Active',
          createdAt: new Date(),
          lastUse: null,
        };
        requests.push({
          answer: () => {
            resolve({ keys: [key], asOf: new Date() });
          },
          fail: () => {
            reject(new Error('No.'));
          },
          signal,
        });
      }),
    create: () => {
      changes.push('create');
      return Promise.resolve({ outcome: 'refused', reason: 'No.', throttled: false });
    },
    delete: (accessKeyId) => {
      changes.push(accessKeyId);
      return Promise.resolve();
    },
  });
  const list = (phase: 'refresh' | 'plan' | 'apply', signal = new AbortController().signal, isAnew = false) =>
    listings
      .keysIn(phase, signal, keysUntil)
      .list({ isAnew })
      .then(({ keys }) => keys[0]?.id);
  const keys = () => listings.keysIn('apply', new AbortController().signal, keysUntil);
  return { list, keys, requests, changes };
}

it('those who want a bucket at the same time share one request, and the plan that follows its answer', async () => {
  const { list, requests } = bench();
  const wanted = [list('refresh'), list('refresh'), list('plan')];
  requests[0]?.answer();
  expect(await Promise.all(wanted)).toEqual(['1', '1', '1']);
  expect(await Promise.all([list('plan'), list('refresh')])).toEqual(['1', '1']);
  expect(requests).toHaveLength(1);
});

it('a list that is asked for anew is another request, whose answer then counts', async () => {
  const { list, requests } = bench();
  const first = list('refresh');
  requests[0]?.answer();
  await first;
  const anew = list('refresh', new AbortController().signal, true);
  requests[1]?.answer();
  expect(await Promise.all([anew, list('plan')])).toEqual(['2', '2']);
  expect(requests).toHaveLength(2);
});

it('what a data source has listed serves the first refresh', async () => {
  const { list, requests } = bench();
  const wanted = [list('plan'), list('refresh')];
  requests[0]?.answer();
  expect(await Promise.all(wanted)).toEqual(['1', '1']);
});

it('without a refresh nothing is shared: this may be an apply', async () => {
  const { list, requests } = bench();
  const first = list('plan');
  requests[0]?.answer();
  await first;
  const second = list('plan');
  requests[1]?.answer();
  expect(await second).toBe('2');
});

it('an apply looks anew, and leaves its listing to nobody', async () => {
  const { list, requests } = bench();
  const planned = list('refresh');
  const applied = list('apply');
  requests[0]?.answer();
  requests[1]?.answer();
  expect([await planned, await applied, await list('plan')]).toEqual(['1', '2', '1']);
});

it.each(['create', 'delete'] as const)('after a %s everybody looks anew for good', async (change) => {
  const { list, keys, requests, changes } = bench();
  const planned = list('refresh');
  requests[0]?.answer();
  await planned;
  const changing = change === 'create' ? keys().create() : keys().delete('AKIA');
  const during = list('refresh');
  await changing;
  const after = list('plan');
  for (const request of requests) request.answer();
  expect([await during, await after]).toEqual(['2', '3']);
  expect(changes).toHaveLength(1);
});

it('a failure is for those who waited, and the next one asks again', async () => {
  const { list, requests } = bench();
  const failing = [list('refresh'), list('refresh')];
  requests[0]?.fail();
  for (const failed of failing) await expect(failed).rejects.toThrow('No.');
  const next = list('plan');
  requests[1]?.answer();
  expect(await next).toBe('2');
});

it('who is stopped leaves the request to the others; it ends with the last of them', async () => {
  const { list, requests } = bench();
  const stops = [new AbortController(), new AbortController()] as const;
  const [first, second] = [list('refresh', stops[0].signal), list('refresh', stops[1].signal)];
  stops[0].abort();
  await expect(first).rejects.toThrow('GetBucketAccessKeys was stopped before its answer came.');
  expect(requests[0]?.signal.aborted).toBe(false);
  stops[1].abort();
  await expect(second).rejects.toThrow('was stopped');
  expect(requests[0]?.signal.aborted).toBe(true);
  const next = list('refresh');
  requests[1]?.answer();
  expect(await next).toBe('2');
});

it('who stays gets the answer although another was stopped', async () => {
  const { list, requests } = bench();
  const stop = new AbortController();
  const [stopped, other] = [list('refresh', stop.signal), list('refresh')];
  stop.abort();
  await expect(stopped).rejects.toThrow('was stopped');
  requests[0]?.answer();
  expect(await other).toBe('1');
});

it('after the stop a list shows what is there then', async () => {
  const { list, requests } = bench();
  const planned = list('refresh');
  requests[0]?.answer();
  await planned;
  const late = list('plan', AbortSignal.abort());
  requests[1]?.answer();
  expect(await late).toBe('2');
});

it('a listing of more than five minutes ago is no longer what is there', async () => {
  jest.useFakeTimers();
  try {
    const { list, requests } = bench();
    const planned = list('refresh');
    requests[0]?.answer();
    await planned;
    jest.advanceTimersByTime(5 * 60_000);
    const next = list('refresh');
    requests[1]?.answer();
    expect(await next).toBe('2');
  } finally {
    jest.useRealTimers();
  }
});
