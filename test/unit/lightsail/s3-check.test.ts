import fc from 'fast-check';
import { Emulator, type FaultAction } from '../../../src/emulator/index.js';
import type { KeyPair } from '../../../src/lifecycle/access-key.js';
import { SignedRequestCheck, judgeAnswer } from '../../../src/lightsail/s3-check.js';
import { Secret } from '../../../src/secret/secret.js';
import { BUCKET, clientFor, REGION, serveRaw, serveSkewed, SKEW_MINUTES } from './lab.js';

let emulator: Emulator;
let pair: KeyPair;
beforeEach(async () => {
  emulator = await Emulator.start({ buckets: [BUCKET] });
  const { accessKeyId, secretAccessKey, createdAt } = emulator.makeStrangerKey(BUCKET);
  pair = {
    bucket: BUCKET,
    region: REGION,
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    createdAt,
  };
});
afterEach(() => emulator.close());

const DENIAL = { kind: 'error', when: 'before', type: 'AccessDenied', status: 403 } as const;

async function tryPair(other: Partial<KeyPair> = {}, url = emulator.url) {
  const answer = await new SignedRequestCheck(clientFor(url, {}, { answer: 1500 }).connection).accepts({
    ...pair,
    ...other,
  });
  expect(JSON.stringify(answer)).not.toContain(pair.secretAccessKey.reveal());
  return answer;
}

it('a key that S3 knows is accepted, by three requests that mark it as used', async () => {
  expect(await tryPair()).toEqual({ state: 'accepted' });
  expect(emulator.log).toHaveLength(3);
  expect(emulator.keys(BUCKET)[0]?.lastUsed).toMatchObject({ serviceName: 's3' });
});

it('a key that S3 does not know is not accepted yet', async () => {
  expect(await tryPair({ accessKeyId: 'AKIANOTKNOWNYET00000' })).toMatchObject({ state: 'not-yet' });
});

it('a secret that S3 does not know is not accepted yet: a new key spreads with its secret', async () => {
  expect(
    await tryPair({ secretAccessKey: new Secret('another secret of forty characters 00000') }),
  ).toMatchObject({
    state: 'not-yet',
  });
});

it('the three requests are under way at once, each on a connection of its own', async () => {
  const sockets = new Set<unknown>();
  const waiting: (() => void)[] = [];
  const server = await serveRaw((request, response) => {
    sockets.add(request.socket);
    waiting.push(() => response.end(LIST(BUCKET)));
    if (waiting.length === 3) for (const answer of waiting) answer();
  });
  expect(await tryPair({}, server.url)).toEqual({ state: 'accepted' });
  await server.close();
  expect(sockets.size).toBe(3);
});

it.each([1, 2, 3])(
  'AccessDenied of S3 itself, to %i of three requests, is told from an acceptance',
  async (times) => {
    emulator.faults.add({ service: 's3', ...DENIAL, times });
    expect(await tryPair()).toMatchObject({ state: 'denied' });
    expect(emulator.log).toHaveLength(3);
  },
);

it.each(['InvalidAccessKeyId', 'NoSuchBucket'])(
  'one front end that says %s is enough: the next consumer may meet it',
  async (type) => {
    emulator.faults.add({
      service: 's3',
      kind: 'error',
      when: 'before',
      type,
      status: type === 'NoSuchBucket' ? 404 : 403,
    });
    emulator.faults.add({ service: 's3', ...DENIAL, nth: 2 });
    expect(await tryPair()).toMatchObject({
      state: 'not-yet',
      reason: expect.stringContaining(type) as string,
    });
  },
);

it.each<[string, number]>([
  ['InternalError', 500],
  ['SlowDown', 503],
  ['AuthorizationHeaderMalformed', 400],
  ['AccountProblem', 403],
  ['AllAccessDisabled', 403],
  ['NotSignedUp', 403],
  ['RequestTimeTooSkewed', 403],
  ['InvalidToken', 400],
  ['PermanentRedirect', 301],
  ['AccessDenied', 200],
  ['AccessDenied', 407],
  ['NoSuchBucket', 403],
])('%s with %i proves nothing, and it is said who answered so', async (type, status) => {
  emulator.faults.add({ service: 's3', kind: 'error', when: 'before', type, status });
  const host = new URL(emulator.url).host;
  const reason = expect.stringMatching(
    `^${host} answered ListObjectsV2 with HTTP ${status} ${type} \\(server AmazonS3, request [0-9A-F]+\\)\\.$`,
  ) as string;
  expect(await tryPair()).toEqual({ state: 'not-yet', reason });
});

it.each<[string, FaultAction, RegExp]>([
  ['dropped', { kind: 'drop', when: 'before' }, /socket hang up|ECONNRESET/],
  ['reset', { kind: 'reset', when: 'before' }, /ECONNRESET/],
  ['too late', { kind: 'delay', when: 'before', ms: 60_000 }, /1500 ms|1\.5 s/],
  ['cut short', { kind: 'truncate', framing: 'short' }, /aborted|ECONNRESET/],
  ['half', { kind: 'truncate', framing: 'complete' }, /which is not an answer of S3/],
])('an answer that is %s proves nothing', async (_how, fault, reason) => {
  emulator.faults.add({ service: 's3', ...fault });
  expect(await tryPair()).toMatchObject({
    state: 'not-yet',
    reason: expect.stringMatching(reason) as string,
  });
});

it('a key of another region than the bucket cannot be tried', async () => {
  expect(await tryPair({ region: 'eu-west-3' })).toMatchObject({ state: 'not-yet' });
});

it('where S3 cannot be reached nothing proves the key', async () => {
  expect(await tryPair({}, 'http://127.0.0.1:1')).toMatchObject({
    state: 'not-yet',
    reason: expect.stringContaining('ECONNREFUSED') as string,
  });
});

it('of a page in between its sender is named, and not a word of it shown', async () => {
  const headers = { server: 'nginx/1.25\u00e4', 'content-type': 'text/html' };
  emulator.faults.add({ service: 's3', kind: 'answer', status: 200, headers, body: '<html>Sign in</html>' });
  const { host } = new URL(emulator.url);
  expect(await tryPair()).toEqual({
    state: 'not-yet',
    reason: `${host} answered ListObjectsV2 with HTTP 200, which is not an answer of S3 (server nginx/1.25?, text/html).`,
  });
});

const LIST = (name: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${name}</Name></ListBucketResult>`;
const ERROR = (code: string) => `<Error><Code>${code}</Code><Message>No.</Message></Error>`;

/** Every body beside the one status with which S3 sends it to a key that it knows, if there is one. */
const BODIES: readonly [body: string, accepting: number | null][] = [
  [LIST(BUCKET), 200],
  [ERROR('AccessDenied'), 403],
  [ERROR('NoSuchBucket'), null],
  ['', null],
  ['{}', null],
  ['null', null],
  [JSON.stringify({ Name: BUCKET }), null],
  [LIST('others'), null],
  [LIST(BUCKET).slice(0, -5), null],
  [`<html><body>${LIST(BUCKET)}</body></html>`, null],
  [`<html><Name>${BUCKET}</Name></html>`, null],
  [`<ListBucketResult><Name>${BUCKET}</Name>`, null],
  ['<html><title>AccessDenied</title><Code>AccessDenied</Code></html>', null],
  ['<Error><Code>AccessDenied</Code>', null],
  ['<Error><Message>AccessDenied</Message></Error>', null],
  [ERROR('ExpiredToken'), null],
  [ERROR('InvalidAccessKeyId'), null],
  [ERROR('SignatureDoesNotMatch'), null],
  [ERROR('RequestTimeTooSkewed'), null],
  [ERROR('accessdenied'), null],
];
const STATUSES = [
  200, 201, 204, 206, 301, 302, 307, 400, 401, 403, 404, 405, 407, 408, 429, 500, 502, 503, 504,
];
const HEADERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { server: 'AmazonS3', 'x-amz-request-id': 'ABCD', 'content-type': 'application/xml' },
  { server: 'squid', 'content-type': 'text/html', 'x-amzn-errortype': 'AccessDenied' },
  { location: 'http://127.0.0.1:1/', 'x-amz-bucket-region': REGION, 'x-amz-error-code': 'AccessDenied' },
];

const meaningOf = (status: number) => (status === 200 ? 'accepted' : 'denied');

it('of all that may be answered only S3’s own acceptance proves the key', () => {
  const answers = fc.record({
    status: fc.constantFrom(...STATUSES),
    body: fc.constantFrom(...BODIES),
    headers: fc.constantFrom(...HEADERS),
  });
  const property = fc.property(answers, ({ status, body: [body, accepting], headers }) => {
    const answer = judgeAnswer({ from: 's3.example', status, headers, body }, BUCKET);
    expect(answer.state).toBe(status === accepting ? meaningOf(status) : 'not-yet');
  });
  fc.assert(property, { numRuns: 2000 });
});

it.each(BODIES.filter(([, accepting]) => accepting !== null))(
  'what S3 says to a key that it knows is believed, whatever its headers: %s',
  async (body, accepting) => {
    for (const headers of HEADERS) {
      const status = accepting ?? 0;
      emulator.faults.add({ service: 's3', kind: 'answer', status, body, headers, times: 3 });
      expect(await tryPair()).toMatchObject({ state: meaningOf(status) });
    }
  },
);

it('a machine whose clock is wrong signs by the time of the service, once a list has told it', async () => {
  const server = await serveSkewed('{"accessKeys":[]}');
  const { connection, keys } = clientFor(server.url);
  await keys.list();
  await new SignedRequestCheck(connection).accepts(pair);
  await server.close();
  const [list, ...trials] = server.minutesAhead;
  expect([list, ...new Set(trials)]).toEqual([0, SKEW_MINUTES]);
});
