import { Emulator, type FaultAction } from '../../../src/emulator/index.js';
import { BucketNotFound, NotReady } from '../../../src/lifecycle/ports.js';
import { NoAnswer } from '../../../src/aws/no-answer.js';
import { BUCKET, clientFor } from './lab.js';

const LIST = 'GetBucketAccessKeys';
const DELETE = 'DeleteBucketAccessKey';
const FAILS: FaultAction = { kind: 'error', when: 'before', type: 'ServiceException', status: 500 };

let emulator: Emulator;
beforeEach(async () => {
  emulator = await Emulator.start({ buckets: [BUCKET] });
});
afterEach(() => emulator.close());

function sent(operation: string): number {
  return emulator.log.filter((call) => call.operation === operation).length;
}

describe('A list', () => {
  it('has the keys in our terms, the unused one without a date, and the time of the service', async () => {
    const now = new Date(Math.floor(Date.now() / 1000) * 1000);
    const other = await Emulator.start({ buckets: [BUCKET], now: () => now });
    const key = other.makeStrangerKey(BUCKET);
    other.setStatus(BUCKET, key.accessKeyId, 'Inactive');
    const { keys } = clientFor(other.url);
    expect(await keys.list()).toEqual({
      keys: [{ id: key.accessKeyId, status: 'Inactive', createdAt: now, lastUse: null }],
      asOf: now,
    });
    await other.close();
  });

  it.each<[string, FaultAction]>([
    ['500', FAILS],
    ['throttled', { kind: 'error', when: 'before', type: 'ThrottlingException', status: 400 }],
    ['dropped', { kind: 'drop', when: 'after' }],
    ['reset', { kind: 'reset', when: 'before' }],
    ['cut short', { kind: 'truncate', framing: 'short' }],
    ['too late', { kind: 'delay', when: 'before', ms: 60_000 }],
  ])('is asked for again when the answer is %s, as often as max_attempts says', async (_name, fault) => {
    const { keys } = clientFor(emulator.url, { maxAttempts: 2 }, { answer: 1000 });
    emulator.faults.add({ operation: LIST, ...fault });
    const again = keys.list();
    // Jest gives Node's own errors to the SDK from another realm, where it does not know them for what they are.
    if (fault.kind === 'error') await expect(again).resolves.toMatchObject({ keys: [] });
    else await again.catch(() => undefined);
    emulator.faults.clear();
    emulator.faults.add({ operation: LIST, ...fault, times: 'always' });
    await expect(keys.list()).rejects.toThrow(NoAnswer);
  });

  it.each(['NotFoundException', 'DoesNotExist', 'type DoesNotExist', 'words'] as const)(
    'of a bucket that is gone (%s)',
    async (goneAs) => {
      const other = await Emulator.start({ goneAs });
      await expect(clientFor(other.url).keys.list()).rejects.toThrow(BucketNotFound);
      await other.close();
    },
  );

  it.each<[string, string, string]>([
    [
      'another service has no such key',
      'UnrecognizedClientException',
      'The key does not exist in our records.',
    ],
    ['the caller has no role', 'AccessDeniedException', 'The role does not exist.'],
  ])('that is refused because %s is not a bucket that is gone', async (_why, type, message) => {
    emulator.faults.add({ operation: LIST, kind: 'error', when: 'before', type, message, status: 400 });
    await expect(clientFor(emulator.url).keys.list()).rejects.toThrow(NoAnswer);
  });

  it('with a 404 of no type is not a bucket that is gone: anybody in between may answer so', async () => {
    const other = await Emulator.start({ goneAs: '404' });
    await expect(clientFor(other.url).keys.list()).rejects.toThrow(NoAnswer);
    await other.close();
  });

  it('that is refused is not a bucket that is gone', async () => {
    emulator.faults.add({
      operation: LIST,
      kind: 'error',
      when: 'before',
      type: 'AccessDeniedException',
      status: 400,
    });
    const answer = clientFor(emulator.url).keys.list();
    await expect(answer).rejects.toThrow(NoAnswer);
    await expect(answer).rejects.toThrow('GetBucketAccessKeys failed with AccessDeniedException');
  });
});

describe('A deletion', () => {
  it.each(['NotStarted', 'Started', 'Completed', 'Succeeded'] as const)(
    'whose operation is %s was accepted',
    async (status) => {
      const { accessKeyId } = emulator.makeStrangerKey(BUCKET);
      emulator.faults.add({ kind: 'operations', status });
      await clientFor(emulator.url).keys.delete(accessKeyId);
      expect(sent(DELETE)).toBe(1);
    },
  );

  it.each(['', '{}', '{"operations":null}'])('answered with %j was accepted', async (body) => {
    emulator.faults.add({ operation: DELETE, kind: 'body', body });
    const { accessKeyId } = emulator.makeStrangerKey(BUCKET);
    await clientFor(emulator.url).keys.delete(accessKeyId);
  });

  it.each([
    ['NoLuck', 'DeleteBucketAccessKey was accepted, and its operation has failed with NoLuck.'],
    [undefined, 'DeleteBucketAccessKey was accepted, and its operation has failed.'],
  ])('whose operation has failed (%s) says so', async (errorCode, message) => {
    const { accessKeyId } = emulator.makeStrangerKey(BUCKET);
    const code = errorCode === undefined ? {} : { errorCode };
    emulator.faults.add({ kind: 'operations', status: 'Failed', ...code });
    await expect(clientFor(emulator.url).keys.delete(accessKeyId)).rejects.toThrow(message);
  });

  it('answered by something that is not AWS says so, and quotes nothing', async () => {
    emulator.faults.add({ operation: DELETE, kind: 'body', body: '<html>Sign in</html>', times: 'always' });
    const { accessKeyId } = emulator.makeStrangerKey(BUCKET);
    const failure = await clientFor(emulator.url).keys.delete(accessKeyId).catch(String);
    expect(failure).toContain('DeleteBucketAccessKey failed with SyntaxError');
    expect(failure).not.toContain('html');
  });

  it('may be repeated, and ends when the key is gone', async () => {
    const { accessKeyId } = emulator.makeStrangerKey(BUCKET);
    const { keys } = clientFor(emulator.url);
    await keys.delete(accessKeyId);
    expect(emulator.keys(BUCKET)).toEqual([]);
    await keys.delete(accessKeyId);
    expect(sent(DELETE)).toBe(2);
  });

  it('that AWS can make in some minutes is refused, and says so', async () => {
    const message = 'Please wait for it to complete before trying again.';
    emulator.faults.add({
      operation: DELETE,
      kind: 'error',
      when: 'before',
      type: 'InvalidInputException',
      message,
      status: 400,
    });
    await expect(clientFor(emulator.url).keys.delete('AKIAGONE000000000000')).rejects.toThrow(NotReady);
  });

  it.each(['NotFoundException', 'DoesNotExist', 'type DoesNotExist', 'words'] as const)(
    'of a bucket that is gone is done (%s)',
    async (goneAs) => {
      const other = await Emulator.start({ goneAs });
      await clientFor(other.url).keys.delete('AKIAGONE000000000000');
      await other.close();
    },
  );

  it('whose answer was lost is repeated, and finds the key gone', async () => {
    const { accessKeyId } = emulator.makeStrangerKey(BUCKET);
    emulator.faults.add({
      operation: DELETE,
      kind: 'error',
      when: 'after',
      type: 'ServiceException',
      status: 500,
    });
    await clientFor(emulator.url).keys.delete(accessKeyId);
    expect(sent(DELETE)).toBe(2);
    expect(emulator.keys(BUCKET)).toEqual([]);
  });

  it.each<[string, FaultAction, number]>([
    ['failing all the time', FAILS, 3],
    ['refused', { kind: 'error', when: 'before', type: 'AccessDeniedException', status: 403 }, 1],
    // Another 404 than the service's own says nothing about the key.
    [
      'answered with a type of another service',
      { kind: 'error', when: 'before', type: 'NoSuchKey', status: 404 },
      1,
    ],
  ])('%s may have left the key, and says so', async (_name, fault, calls) => {
    const { accessKeyId } = emulator.makeStrangerKey(BUCKET);
    emulator.faults.add({ operation: DELETE, ...fault, times: 'always' });
    await expect(clientFor(emulator.url).keys.delete(accessKeyId)).rejects.toThrow(
      'DeleteBucketAccessKey failed with',
    );
    expect(sent(DELETE)).toBe(calls);
    expect(emulator.keys(BUCKET)).toHaveLength(1);
  });
});
