import type { Message } from '../../../src/lifecycle/message.js';
import { ListingProgress } from '../../../src/provider/listing-progress.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function bench() {
  const pace = { throttled: 0, atOnce: 5 };
  const progress = new ListingProgress(pace);
  const lines: string[] = [];
  const warnings: Message[] = [];
  const log = {
    info: (message: string, fields?: Record<string, unknown>) =>
      void lines.push(`${message} ${JSON.stringify(fields)}`),
  };
  const warn = (message: Message) => void warnings.push(message);
  /** A list that takes so long. */
  const list = (milliseconds: number, listener: { warn?: typeof warn } = { warn }) =>
    progress.during(
      { log, ...listener },
      () => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
    );
  return { pace, list, lines, warnings };
}

it('says nothing of lists that take no time', async () => {
  const { list, lines, warnings } = bench();
  const lists = [list(300), list(900)];
  await jest.advanceTimersByTimeAsync(20_000);
  await Promise.all(lists);
  expect([lines, warnings]).toEqual([[], []]);
});

it('says after a second how far it is, and then every five seconds, with what AWS throttled', async () => {
  const { list, lines, pace } = bench();
  const lists = [list(500), list(8000)];
  await jest.advanceTimersByTimeAsync(1000);
  Object.assign(pace, { throttled: 3, atOnce: 2 });
  await jest.advanceTimersByTimeAsync(20_000);
  await Promise.all(lists);
  const said = 'The access keys of buckets are being listed';
  expect(lines).toEqual([
    `${said} {"buckets_listed":1,"under_way":1,"seconds":1,"throttled":0,"at_once":5}`,
    `${said} {"buckets_listed":1,"under_way":1,"seconds":6,"throttled":3,"at_once":2}`,
  ]);
});

it('warns once when throttled lists take longer than ten seconds, and says that no key is affected', async () => {
  const { list, warnings, pace } = bench();
  const lists = [list(4000), list(11_000), list(12_000)];
  pace.throttled = 2;
  await jest.advanceTimersByTimeAsync(12_000);
  await Promise.all(lists);
  expect(warnings.map(({ happened }) => happened)).toEqual([
    'AWS throttles the listing of access keys: the first 2 buckets took 11 s',
  ]);
  expect(warnings[0]?.meaning).toContain('It asked 2 times to slow down');
  expect(warnings[0]?.meaning).toContain('No key is affected');
});

it('warns neither of lists that are merely many, nor of one throttled answer among them, nor in an apply', async () => {
  const { list, warnings, pace } = bench();
  const many = Array.from({ length: 120 }, (_, i) => list(100 * i));
  pace.throttled = 1;
  await jest.advanceTimersByTimeAsync(12_000);
  await Promise.all(many);
  await jest.advanceTimersByTimeAsync(2000);
  const applied = list(11_000, {});
  pace.throttled = 2;
  await jest.advanceTimersByTimeAsync(11_000);
  await applied;
  expect(warnings).toEqual([]);
});

it('counts anew where nothing was listed for a while', async () => {
  const { list, warnings, pace } = bench();
  const first = list(9000);
  pace.throttled = 1;
  await jest.advanceTimersByTimeAsync(9000);
  await first;
  await jest.advanceTimersByTimeAsync(60_000);
  const second = list(5000);
  await jest.advanceTimersByTimeAsync(5000);
  await second;
  expect(warnings).toEqual([]);
});
