import { Emulator } from '../../../src/emulator/index.js';
import { LightsailBucketKeys } from '../../../src/lightsail/bucket-keys.js';
import { Pace } from '../../../src/lightsail/pace.js';
import { SignedRequestCheck } from '../../../src/lightsail/s3-check.js';
import { Secret } from '../../../src/secret/secret.js';
import { BUCKET, clientFor, REGION, type RawServer, serveRaw } from './lab.js';

let server: RawServer;
let asked: Promise<unknown>;
beforeEach(async () => {
  const requests = new EventTarget();
  asked = new Promise((resolve) => {
    requests.addEventListener('asked', resolve);
  });
  // Nothing is ever answered.
  server = await serveRaw(() => requests.dispatchEvent(new Event('asked')));
});
afterEach(() => server.close());

it('a list that hangs ends with the stop', async () => {
  const stop = new AbortController();
  const list = clientFor(server.url, {}, {}, stop.signal).keys.list();
  await asked;
  stop.abort();
  await expect(list).rejects.toThrow('GetBucketAccessKeys was stopped before its answer came.');
  expect(server.requests()).toBe(1);
});

it('a list between two attempts ends with the stop as well', async () => {
  const stop = new AbortController();
  const failing = await Emulator.start({ buckets: [BUCKET] });
  failing.faults.add({
    service: 'lightsail',
    kind: 'error',
    when: 'before',
    type: 'ServiceException',
    status: 500,
    times: 'always',
  });
  const list = clientFor(failing.url, { maxAttempts: 50 }, {}, stop.signal).keys.list();
  setTimeout(() => {
    stop.abort();
  }, 50);
  await expect(list).rejects.toThrow('was stopped');
  await failing.close();
});

it('a list after the stop is made, for clearing up, but does not hang', async () => {
  const stopped = AbortSignal.abort();
  const emulator = await Emulator.start({ buckets: [BUCKET] });
  await expect(clientFor(emulator.url, {}, {}, stopped).keys.list()).resolves.toMatchObject({ keys: [] });
  await emulator.close();
  const hanging = clientFor(server.url, {}, { connect: 300 }, stopped).keys.list();
  await expect(hanging).rejects.toThrow('GetBucketAccessKeys had no answer within 0.3 s.');
});

it('a delete ends after the limit of all its attempts together', async () => {
  const { keys } = clientFor(server.url, { maxAttempts: 3 }, { call: 100 });
  await expect(keys.delete('AKIA')).rejects.toThrow('DeleteBucketAccessKey had no answer within 0.3 s.');
});

it('a list without an end ends after the limit of one attempt: there is no other', async () => {
  const { keys } = clientFor(server.url, { maxAttempts: 3 }, { call: 2000 });
  await expect(keys.list()).rejects.toThrow('GetBucketAccessKeys had no answer within 2 s.');
  expect(server.requests()).toBe(1);
});

it('a list that waits for its turn ends with the stop, and is never sent', async () => {
  const stop = new AbortController();
  const pace = new Pace();
  const others = Array.from({ length: 5 }, () => pace.run(() => asked));
  const { connection } = clientFor(server.url);
  const keys = new LightsailBucketKeys(connection, BUCKET, REGION, () => undefined, stop.signal, pace);
  const list = keys.list();
  stop.abort();
  await expect(list).rejects.toThrow('GetBucketAccessKeys was stopped before its answer came.');
  expect(server.requests()).toBe(0);
  void fetch(server.url).catch(() => undefined);
  await Promise.all(others);
});

it.each(['delete', 'create'] as const)('a %s under way is finished, whatever the stop says', async (work) => {
  const stop = new AbortController();
  const emulator = await Emulator.start({ buckets: [BUCKET] });
  const { accessKeyId } = emulator.makeStrangerKey(BUCKET);
  emulator.faults.add({ service: 'lightsail', kind: 'delay', when: 'before', ms: 300 });
  const { keys } = clientFor(emulator.url, {}, {}, stop.signal);
  const result = work === 'delete' ? keys.delete(accessKeyId) : keys.create();
  await emulator.waitFor(() => true);
  stop.abort();
  expect(await result).toEqual(
    work === 'delete' ? undefined : expect.objectContaining({ outcome: 'created' }),
  );
  expect(emulator.keys(BUCKET)).toHaveLength(work === 'delete' ? 0 : 2);
  await emulator.close();
});

it('a try of a key that hangs ends with the stop, and does not count as a network without S3', async () => {
  const stop = new AbortController();
  const { connection } = clientFor(server.url);
  const pair = {
    bucket: BUCKET,
    region: REGION,
    accessKeyId: 'AKIA',
    secretAccessKey: new Secret('s'),
    createdAt: new Date(),
  };
  const answer = new SignedRequestCheck(connection, stop.signal).accepts(pair);
  await asked;
  stop.abort();
  expect(await answer).toEqual({
    state: 'not-yet',
    reason: 'ListObjectsV2 was stopped before its answer came.',
  });
});
