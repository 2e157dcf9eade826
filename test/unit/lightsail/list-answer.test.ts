import { Emulator } from '../../../src/emulator/index.js';
import { NoAnswer } from '../../../src/aws/no-answer.js';
import { NoList } from '../../../src/lifecycle/ports.js';
import { LightsailBucketKeys, LightsailBuckets } from '../../../src/lightsail/bucket-keys.js';
import { Pace } from '../../../src/lightsail/pace.js';
import { BUCKET, clientFor, REGION } from './lab.js';

const NOW = new Date('2030-05-06T07:08:09Z');

let emulator: Emulator;
let pauses: number[];
let pace: Pace;
beforeEach(async () => {
  emulator = await Emulator.start({ buckets: [BUCKET], now: () => NOW });
  pauses = [];
  const sleep = (milliseconds: number) => Promise.resolve(pauses.push(milliseconds));
  pace = new Pace({ attempts: { soon: 2, slower: 2 }, sleep, random: () => 0 });
});
afterEach(() => emulator.close());

const connection = () => clientFor(emulator.url, { maxAttempts: 1 }).connection;
const keys = (signal?: AbortSignal) =>
  new LightsailBucketKeys(connection(), BUCKET, REGION, () => undefined, signal, pace);

const CALLS: [operation: string, member: string, ask: () => Promise<unknown>][] = [
  ['GetBucketAccessKeys', 'accessKeys', () => keys().list()],
  ['GetBuckets', 'buckets', () => new LightsailBuckets(connection(), pace).page(null)],
];

describe.each(CALLS)('%s', (operation, member, ask) => {
  const answer = (body: string, times: number | 'always' = 'always') =>
    emulator.faults.add({ operation, kind: 'body', body, times });

  test.each([
    ['', 'an empty body'],
    ['  \n', 'an empty body'],
    ['<html>Sign in</html>', 'something that is not JSON'],
    ['{"', 'something that is not JSON'],
    ['null', 'another shape than an object'],
    ['[]', 'another shape than an object'],
    ['"', 'something that is not JSON'],
    ['"text"', 'another shape than an object'],
    [`{"${member}":{}}`, `another shape than a list of ${member}`],
    [`{"${member}":"none"}`, `another shape than a list of ${member}`],
    [`{"${member}":[null]}`, `another shape than a list of ${member}`],
    [`{"${member}":[{}]}`, `another shape than a list of ${member}`],
    [`{"${member}":[[]]}`, `another shape than a list of ${member}`],
  ])('with the answer %j has failed', async (body, what) => {
    answer(body);
    const failure = await ask().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NoAnswer);
    expect(failure).toMatchObject({ message: `${operation} was answered with ${what}.`, repeat: 'soon' });
  });

  test.each(['{}', `{"${member}":null}`, '{"nextPageToken":"more"}'])(
    'answered with %s is asked three times within five seconds, and has no list then',
    async (body) => {
      const handle = answer(body);
      const failure = await ask().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(NoList);
      expect(failure).toMatchObject({
        message: `${operation} was answered without ${member}.`,
        time: { asOf: NOW },
      });
      expect(handle.hits).toBe(3);
      const waited = pauses.reduce((sum, pause) => sum + pause, 0);
      expect([pauses.length, waited < 4000]).toEqual([2, true]);
    },
  );

  test('has its list where only the first two answers are without one', async () => {
    answer('{}', 2);
    await expect(ask()).resolves.toBeDefined();
  });

  test('answered with an empty list has nothing', async () => {
    answer(`{"${member}":[]}`);
    await expect(ask()).resolves.toMatchObject(
      operation === 'GetBuckets' ? { buckets: [] } : { keys: [], asOf: NOW },
    );
    expect(pauses).toEqual([]);
  });
});

test('once Terraform is stopped nobody insists on a list', async () => {
  const handle = emulator.faults.add({
    operation: 'GetBucketAccessKeys',
    kind: 'body',
    body: '{}',
    times: 'always',
  });
  await expect(keys(AbortSignal.abort()).list()).rejects.toThrow(NoList);
  expect(handle.hits).toBe(1);
});

test('a refusal is judged by what it says, whatever its body lacks', async () => {
  emulator.faults.add({
    operation: 'GetBucketAccessKeys',
    kind: 'error',
    when: 'before',
    type: 'AccessDeniedException',
    status: 400,
    times: 'always',
  });
  await expect(keys().list()).rejects.toThrow('GetBucketAccessKeys failed with AccessDeniedException');
});
