import { Emulator, type FaultAction } from '../../../src/emulator/index.js';
import type { KeyPair } from '../../../src/lifecycle/access-key.js';
import { SignedRequestCheck } from '../../../src/lightsail/s3-check.js';
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

async function tryPair(other: Partial<KeyPair> = {}, url = emulator.url) {
  const answer = await new SignedRequestCheck(clientFor(url, {}, { answer: 300 }).connection).accepts({
    ...pair,
    ...other,
  });
  expect(JSON.stringify(answer)).not.toContain(pair.secretAccessKey.reveal());
  return answer;
}

it('a key that S3 knows is accepted, by one request that marks it as used', async () => {
  expect(await tryPair()).toEqual({ state: 'accepted' });
  expect(emulator.log).toHaveLength(1);
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

it.each<[string, FaultAction, 'accepted' | 'not-yet' | 'unreachable']>([
  [
    'AccessDenied: known, whatever it may do',
    { kind: 'error', when: 'before', type: 'AccessDenied', status: 403 },
    'accepted',
  ],
  [
    'the bucket is gone: known',
    { kind: 'error', when: 'before', type: 'NoSuchBucket', status: 404 },
    'accepted',
  ],
  ['S3 fails', { kind: 'error', when: 'before', type: 'InternalError', status: 500 }, 'not-yet'],
  ['S3 is busy', { kind: 'error', when: 'before', type: 'SlowDown', status: 503 }, 'not-yet'],
  [
    'another region',
    { kind: 'error', when: 'before', type: 'AuthorizationHeaderMalformed', status: 400 },
    'unreachable',
  ],
])('%s', async (_name, fault, state) => {
  emulator.faults.add({ service: 's3', ...fault });
  expect(await tryPair()).toMatchObject({ state });
  expect(emulator.log).toHaveLength(1);
});

const LOST: [string, FaultAction][] = [
  ['dropped', { kind: 'drop', when: 'before' }],
  ['reset', { kind: 'reset', when: 'before' }],
  ['too late', { kind: 'delay', when: 'before', ms: 900 }],
  ['cut short', { kind: 'truncate', framing: 'short' }],
];

it.each(LOST)('one answer that is %s does not spare the key its trial', async (_name, fault) => {
  emulator.faults.add({ service: 's3', ...fault });
  expect(await tryPair()).toEqual({ state: 'accepted' });
  expect(emulator.log).toHaveLength(2);
});

it.each(LOST)('three answers that are %s are a network that does not reach S3', async (_name, fault) => {
  emulator.faults.add({ service: 's3', ...fault, times: 'always' });
  expect(await tryPair()).toMatchObject({ state: 'unreachable' });
  expect(emulator.log).toHaveLength(3);
});

it('a key that is not known after an answer was lost is not accepted yet', async () => {
  emulator.faults.add({ service: 's3', kind: 'reset', when: 'before' });
  expect(await tryPair({ accessKeyId: 'AKIANOTKNOWNYET00000' })).toMatchObject({ state: 'not-yet' });
});

it('a key of another region than the bucket cannot be tried', async () => {
  expect(await tryPair({ region: 'eu-west-3' })).toMatchObject({ state: 'unreachable' });
});

it('an S3 that cannot be reached says nothing about the key', async () => {
  expect(await tryPair({}, 'http://127.0.0.1:1')).toMatchObject({ state: 'unreachable' });
});

it.each([200, 403])('a page of something in between says nothing about the key (%i)', async (status) => {
  const server = await serveRaw((_request, response) =>
    response.writeHead(status).end('<html>Sign in</html>'),
  );
  const answer = await tryPair({}, server.url);
  await server.close();
  expect(answer).toMatchObject({ state: 'unreachable' });
});

it('a machine whose clock is wrong signs by the time of the service, once a list has told it', async () => {
  const server = await serveSkewed('{"accessKeys":[]}');
  const { connection, keys } = clientFor(server.url);
  await keys.list();
  await new SignedRequestCheck(connection).accepts(pair);
  await server.close();
  const [list, ...trials] = server.minutesAhead;
  expect([list, ...new Set(trials)]).toEqual([0, SKEW_MINUTES]);
});
