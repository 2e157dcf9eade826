import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { FileDestination } from '../../../src/destinations/file/store.js';
import { newPair } from './contract.js';

/** Of a service, say. */
const GROUP = 65_533;
const asRoot = process.geteuid?.() === 0;

let folder: string;
beforeEach(() => {
  // The tests' own temporary folder lets no other user in.
  folder = mkdtempSync(join(asRoot ? '/var/tmp' : tmpdir(), 'rights-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const path = () => join(folder, 'key.json');
const rights = () => {
  const { mode, uid, gid } = statSync(path());
  return { mode: mode & 0o7777, uid, gid };
};

async function deliver(): Promise<string | undefined> {
  const destination = new FileDestination(path(), 'sdk');
  const pair = newPair();
  await destination.stage(pair);
  const { remark } = await destination.promote(pair.accessKeyId);
  expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
  return remark;
}

it('A new file is its owner’s alone', async () => {
  expect(await deliver()).toBeUndefined();
  expect(rights()).toEqual({ mode: 0o600, uid: process.geteuid?.(), gid: process.getegid?.() });
});

/** What a new pair has of the mode of the one before: the rights of nobody else, and no writing of the group. */
it('The mode stays where it is safe, and is tightened with a word where it is not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(4, 6, 7),
      fc.integer({ min: 0, max: 7 }),
      fc.integer({ min: 0, max: 7 }),
      async (owner, group, others) => {
        rmSync(path(), { force: true });
        await deliver();
        const before = Number(`0o${owner}${group}${others}`);
        chmodSync(path(), before);
        const remark = await deliver();
        const after = Number(`0o${owner === 4 ? 4 : 6}${[4, 5, 6, 7].includes(group) ? 4 : 0}0`);
        expect(rights().mode).toBe(after);
        if (after === before) expect(remark).toBeUndefined();
        else
          expect(remark).toContain(
            `its mode is 0${after.toString(8)} now and was 0${before.toString(8).padStart(3, '0')}`,
          );
      },
    ),
    { numRuns: 60 },
  );
});

(asRoot ? it : it.skip)(
  'Owner and group stay, and at no moment has anybody more than in the end',
  async () => {
    await deliver();
    chownSync(path(), 65_534, GROUP);
    chmodSync(path(), 0o640);
    const watch = onlooker();
    await once(watch, 'message');
    for (let rotation = 1; rotation <= 40; rotation++) expect(await deliver()).toBeUndefined();
    watch.postMessage('enough');
    const [seen] = (await once(watch, 'message')) as [ReadonlySet<string>];
    expect(rights()).toEqual({ mode: 0o640, uid: 65_534, gid: GROUP });
    // The pending pair is the writer's alone, then its owner's alone, and then it has the rights of the one before.
    // Whoever looks in the very moment of a chown may see one half of it: of mode 600 it gives nobody more.
    const safe = ['600 0 0', '600 65534 0', '600 0 65533', '600 65534 65533', '640 65534 65533'];
    expect([...seen].filter((each) => !safe.includes(each))).toEqual([]);
    expect(seen).toContain('600 0 0');
    expect(seen).toContain('640 65534 65533');
  },
);

/** Looks at all files of the folder without a pause. */
function onlooker(): Worker {
  const program = `
    const { readdirSync, statSync } = require('node:fs');
    const { parentPort, receiveMessageOnPort, workerData: folder } = require('node:worker_threads');
    const seen = new Set();
    parentPort.postMessage('begun');
    while (!receiveMessageOnPort(parentPort)) {
      for (const name of readdirSync(folder)) {
        const found = statSync(folder + '/' + name, { throwIfNoEntry: false });
        if (found) seen.add([(found.mode & 0o7777).toString(8), found.uid, found.gid].join(' '));
      }
    }
    parentPort.postMessage(seen);`;
  return new Worker(program, { eval: true, workerData: folder });
}

(asRoot ? it : it.skip).each<[string, number, number, number[], ReturnType<typeof rights>, string]>([
  [
    'the owner stays where the group cannot be given, which then reads nothing any more',
    65_534,
    0o640,
    [],
    { mode: 0o600, uid: 65_534, gid: 65_534 },
    `its group is 65534 now and was ${GROUP}, its mode is 0600 now and was 0640`,
  ],
  [
    'the group stays where it is the writer’s own as well',
    0,
    0o640,
    [GROUP],
    { mode: 0o640, uid: 65_534, gid: GROUP },
    'its owner is user 65534 now and was user 0',
  ],
  [
    'nothing stays where nothing can be given',
    0,
    0o644,
    [],
    { mode: 0o600, uid: 65_534, gid: 65_534 },
    `its owner is user 65534 now and was user 0, its group is 65534 now and was ${GROUP}, its mode is 0600 now and was 0644`,
  ],
])('Of somebody who is not root %s, and it is said', async (_, owner, mode, groups, after, remark) => {
  await deliver();
  chownSync(path(), owner, GROUP);
  chmodSync(path(), mode);
  chownSync(folder, 65_534, 65_534);
  expect(await asNobody(deliver, groups)).toBe(remark);
  expect(rights()).toEqual(after);
});

async function asNobody<T>(work: () => Promise<T>, groups: number[]): Promise<T> {
  const before = process.getgroups?.() ?? [];
  process.setgroups?.(groups);
  process.setegid?.(65_534);
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(before);
  }
}
