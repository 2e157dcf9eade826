import {
  CreateBucketAccessKeyCommand,
  DeleteBucketAccessKeyCommand,
  GetBucketAccessKeysCommand,
  type LightsailClient,
} from '@aws-sdk/client-lightsail';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { EmulatorControl, type ListLag, TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { BUCKET, failure, withEmulator } from './clients.js';

const create = async (lightsail: LightsailClient) => {
  const { accessKey } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName: BUCKET }));
  return accessKey?.accessKeyId ?? '';
};
const remove = (lightsail: LightsailClient, accessKeyId: string) =>
  lightsail.send(new DeleteBucketAccessKeyCommand({ bucketName: BUCKET, accessKeyId }));
const listed = async (lightsail: LightsailClient) => {
  const { accessKeys = [] } = await lightsail.send(new GetBucketAccessKeysCommand({ bucketName: BUCKET }));
  return accessKeys.map(({ accessKeyId }) => accessKeyId);
};

test('a new key is not listed for as long as lists lag, and takes a slot all the same', () =>
  withEmulator({ lag: { newKeyMs: 600_000 } }, async ({ emulator, lightsail }) => {
    const first = await create(lightsail);
    const { accessKeyId: second } = emulator.makeStrangerKey(BUCKET);
    expect(await listed(lightsail)).toEqual([]);
    expect((await failure(create(lightsail))).message).toContain('maximum of 2 access keys');
    emulator.clock.advance(600_000);
    expect(await listed(lightsail)).toEqual([first, second]);
  }));

test.each([
  [false, 'leaves its slot free'],
  [true, 'keeps its slot'],
])('a deleted key is listed for as long as lists lag (deletedTakesSlot: %s), and %s', (deletedTakesSlot) =>
  withEmulator({ lag: { deletedKeyMs: 600_000, deletedTakesSlot } }, async ({ emulator, lightsail }) => {
    const first = await create(lightsail);
    const second = await create(lightsail);
    await remove(lightsail, first);
    expect(emulator.keys(BUCKET)).toHaveLength(1);
    expect(await listed(lightsail)).toEqual([first, second]);
    expect((await failure(remove(lightsail, first))).name).toBe('NotFoundException');
    const third = await create(lightsail).catch(() => null);
    expect(third === null).toBe(deletedTakesSlot);
    emulator.clock.advance(600_000);
    expect(await listed(lightsail)).toEqual(third === null ? [second] : [second, third]);
    if (third === null) await create(lightsail);
  }),
);

test('lists begin and cease to lag while the emulator runs, also for another process', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const control = new EmulatorControl(emulator.url);
    await control.setLag({ newKeyMs: 600_000 });
    await create(lightsail);
    await control.setLag({});
    const second = await create(lightsail);
    expect(await listed(lightsail)).toEqual([second]);
    for (const lag of [{ newKeyMs: -1 }, { newkeyms: 1 }, { deletedTakesSlot: 1 }]) {
      await failure(control.setLag(lag as ListLag));
    }
  }));

test('a fault lets lists lag for one key, by answers or by time', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    emulator.faults.add({ kind: 'key-not-listed', ms: 600_000 });
    const first = await create(lightsail);
    expect(await listed(lightsail)).toEqual([]);
    emulator.clock.advance(600_000);
    expect(await listed(lightsail)).toEqual([first]);
    emulator.faults.add({ kind: 'key-still-listed', calls: 2, takesSlot: true });
    const second = await create(lightsail);
    await remove(lightsail, first);
    expect((await failure(create(lightsail))).message).toContain('maximum of 2 access keys');
    const lists: unknown[] = [];
    for (let i = 0; i < 3; i += 1) lists.push(await listed(lightsail));
    expect(lists).toEqual([[first, second], [first, second], [second]]);
    await create(lightsail);
  }));

test('of the uses within a quarter of an hour the first is recorded, and listed hours later', () => {
  const lag = { lastUsedEveryMs: 15 * 60_000, lastUsedMs: 4 * 3_600_000 };
  return withEmulator({ lag }, async ({ emulator, lightsail, s3 }) => {
    await create(lightsail);
    const client = s3(emulator.keys(BUCKET)[0] ?? TEST_CREDENTIALS);
    const use = () => client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    const shown = async () => {
      const { accessKeys } = await lightsail.send(new GetBucketAccessKeysCommand({ bucketName: BUCKET }));
      return accessKeys?.[0]?.lastUsed?.lastUsedDate?.getTime();
    };
    await use();
    const first = emulator.keys(BUCKET)[0]?.lastUsed?.date.getTime();
    await use();
    expect(emulator.keys(BUCKET)[0]?.lastUsed?.date.getTime()).toBe(first);
    expect(await shown()).toBeUndefined();
    emulator.clock.advance(4 * 3_600_000);
    expect(await shown()).toBe(first);
    emulator.age(3_600_000);
    expect(await shown()).toBe((first ?? 0) - 3_600_000);
    await use();
    const second = emulator.keys(BUCKET)[0]?.lastUsed?.date.getTime() ?? 0;
    expect(second).toBeGreaterThan(first ?? 0);
    expect(await shown()).toBe((first ?? 0) - 3_600_000);
  });
});
