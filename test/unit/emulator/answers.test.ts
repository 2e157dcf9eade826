import {
  CreateBucketAccessKeyCommand,
  DeleteBucketAccessKeyCommand,
  GetBucketAccessKeysCommand,
  GetBucketsCommand,
  GetOperationCommand,
  type LightsailClient,
} from '@aws-sdk/client-lightsail';
import { BUCKET, failure, stopTime, withEmulator } from './clients.js';

const bucketName = BUCKET;
const create = (client: LightsailClient) => client.send(new CreateBucketAccessKeyCommand({ bucketName }));
const list = (client: LightsailClient) => client.send(new GetBucketAccessKeysCommand({ bucketName }));
const remove = (client: LightsailClient, accessKeyId: string) =>
  client.send(new DeleteBucketAccessKeyCommand({ bucketName, accessKeyId }));

test('a deletion without an effect is answered like any other, and the next one takes the key', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const { accessKeyId } = emulator.makeStrangerKey(BUCKET);
    // Without an operation, such a fault still waits for a deletion.
    emulator.faults.add({ kind: 'no-effect' });
    await list(lightsail);
    const { operations } = await remove(lightsail, accessKeyId);
    expect(operations).toMatchObject([{ operationType: 'DeleteBucketAccessKey', status: 'Started' }]);
    expect(emulator.keys(BUCKET)).toHaveLength(1);
    expect(emulator.log.at(-1)).toMatchObject({ effect: false, status: 200, faults: ['no-effect'] });
    await remove(lightsail, accessKeyId);
    expect(emulator.keys(BUCKET)).toEqual([]);
  }));

test('a deletion may not know a new key yet, which is listed all the same', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const later = stopTime();
    emulator.faults.add({ kind: 'key-not-known', ms: 300 });
    const { accessKey } = await create(lightsail);
    const id = accessKey?.accessKeyId ?? '';
    expect((await failure(remove(lightsail, id))).name).toBe('NotFoundException');
    expect((await list(lightsail)).accessKeys).toHaveLength(1);
    later(300);
    await remove(lightsail, id);
    expect(emulator.keys(BUCKET)).toEqual([]);
  }));

test.each([
  ['NotStarted', false],
  ['Started', false],
  ['Failed', true],
  ['Completed', true],
  ['Succeeded', true],
] as const)('the operations of a call on keys can be %s, for GetOperation as well', (status, isTerminal) =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    emulator.faults.add({ kind: 'operations', status, errorCode: 'NoLuck', times: 2 });
    const { operations, accessKey } = await create(lightsail);
    const said = { status, isTerminal, errorCode: 'NoLuck' };
    expect(operations).toMatchObject([said]);
    const operationId = operations?.[0]?.id;
    const asked = await lightsail.send(new GetOperationCommand({ operationId }));
    expect(asked.operation).toMatchObject(said);
    // The call itself has done what it does.
    expect(emulator.keys(BUCKET)).toHaveLength(1);
    expect((await remove(lightsail, accessKey?.accessKeyId ?? '')).operations).toMatchObject([said]);
    expect(emulator.keys(BUCKET)).toEqual([]);
  }),
);

test.each([
  ['', undefined],
  ['{}', undefined],
  ['{"accessKeys":null}', undefined],
  ['<html>Sign in</html>', 'text/html'],
])('the answer of any call can be the body %j', (body, contentType) =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const fault = { kind: 'body', body, ...(contentType !== undefined && { contentType }) } as const;
    emulator.faults.add({ ...fault, times: 'always' });
    const answers = [
      list(lightsail).then(({ accessKeys }) => accessKeys),
      lightsail.send(new GetBucketsCommand({})).then(({ buckets }) => buckets),
      create(lightsail).then(({ accessKey }) => accessKey),
    ];
    for (const answer of answers) {
      if (contentType === undefined) expect(await answer).toBeUndefined();
      else expect((await failure(answer)).name).toBe('SyntaxError');
    }
    expect(emulator.keys(BUCKET)).toHaveLength(1);
    expect(emulator.log.map(({ status }) => status)).toEqual([200, 200, 200]);
  }),
);
