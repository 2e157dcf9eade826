import { Emulator, type FaultAction } from '../../../src/emulator/index.js';
import { NoAnswer } from '../../../src/aws/no-answer.js';
import { LightsailBuckets } from '../../../src/lightsail/bucket-keys.js';
import { clientFor, serveRaw, serveSkewed } from './lab.js';

let emulator: Emulator;
beforeEach(async () => {
  emulator = await Emulator.start();
});
afterEach(() => emulator.close());

describe('The buckets of an account', () => {
  it('come page by page, with the account that their ARNs tell', async () => {
    const names = Array.from({ length: 230 }, (_, i) => `bucket-${String(i).padStart(3, '0')}`);
    for (const name of names) emulator.createBucket(name);
    const buckets = new LightsailBuckets(clientFor(emulator.url).connection);
    const first = await buckets.page(null);
    const second = await buckets.page(first.next);
    const third = await buckets.page(second.next);
    expect([first, second, third].flatMap((page) => page.buckets.map(({ name }) => name))).toEqual(names);
    expect(first.buckets[0]).toEqual({ name: 'bucket-000', accountId: '123456789012' });
    expect(third.next).toBeNull();
  });

  it.each<[string, FaultAction, string]>([
    ['throttled', { kind: 'error', when: 'before', type: 'ThrottlingException', status: 400 }, 'slower'],
    ['broken', { kind: 'error', when: 'before', type: 'ServiceException', status: 500 }, 'soon'],
    ['refused', { kind: 'error', when: 'before', type: 'AccessDeniedException', status: 400 }, 'never'],
  ])('say whether to ask again when the answer is %s', async (_name, fault, repeat) => {
    emulator.faults.add({ operation: 'GetBuckets', ...fault, times: 'always' });
    const { connection } = clientFor(emulator.url, { maxAttempts: 1 });
    const failure = await new LightsailBuckets(connection).page(null).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NoAnswer);
    expect(failure).toMatchObject({
      repeat,
      message: expect.stringMatching(/^GetBuckets failed with/) as string,
    });
  });

  it.each([
    ['RegionSetupInProgressException', 'Wait a few minutes and try again.', 'later'],
    ['InvalidInputException', 'Please try again in a few minutes.', 'later'],
    ['InvalidInputException', 'Your input is invalid.', 'never'],
    ['RequestTimeoutException', 'Too late.', 'soon'],
  ])('say when to ask again after %s: %s', async (type, message, repeat) => {
    emulator.faults.add({
      operation: 'GetBuckets',
      kind: 'error',
      when: 'before',
      type,
      message,
      status: 400,
    });
    const { connection } = clientFor(emulator.url, { maxAttempts: 1 });
    await expect(new LightsailBuckets(connection).page(null)).rejects.toMatchObject({ repeat });
  });

  it('end with an empty token, which would ask for the first page again', async () => {
    const server = await serveRaw((_request, response) => response.end('{"buckets":[],"nextPageToken":""}'));
    const { connection } = clientFor(server.url);
    expect(await new LightsailBuckets(connection).page(null)).toEqual({ buckets: [], next: null });
    await server.close();
  });

  it('are no business of whoever has no credentials, also in a moment', async () => {
    const { connection } = clientFor(emulator.url, { profile: 'none', accessKeyId: '', maxAttempts: 1 });
    await expect(new LightsailBuckets(connection).page(null)).rejects.toMatchObject({ repeat: 'never' });
  });

  it('of a service whose clock is ahead are read', async () => {
    const server = await serveSkewed(JSON.stringify({ buckets: [{ name: 'uploads' }] }));
    const { connection } = clientFor(server.url, { maxAttempts: 1 });
    expect(await new LightsailBuckets(connection).page(null)).toEqual({
      buckets: [{ name: 'uploads', accountId: null }],
      next: null,
    });
    await server.close();
  });
});
