import { existsSync, readdirSync } from 'node:fs';
import type { FaultAction } from '../../../src/emulator/index.js';
import { KeyStack } from '../../support/key-stack.js';
import { stack } from '../../support/stack.js';

const FILE = 'secret {\n    file { path = "key.json" }\n  }';
const DELETE = 'DeleteBucketAccessKey';
const HOUR = 3_600_000;
const ALWAYS = { operation: DELETE, times: 'always' } as const;

const NO_EFFECT: FaultAction = { kind: 'no-effect' };
const NOT_FOUND: FaultAction = { kind: 'error', when: 'before', type: 'NotFoundException', status: 400 };
const REFUSED: FaultAction = { kind: 'error', when: 'before', type: 'AccessDeniedException', status: 400 };
const FAILED: FaultAction = { kind: 'operations', status: 'Failed', errorCode: 'NoLuck' };

/** Ways in which a deletion does not take place, and for how long Terraform has to be told that it did not. */
const NOT_DONE: [what: string, faults: readonly FaultAction[], said: string][] = [
  ['has no effect', [NO_EFFECT], 'GetBucketAccessKeys still showed the key'],
  ['has no effect and no body', [NO_EFFECT, { kind: 'body', body: '' }], 'still showed the key'],
  ['has no effect and the body {}', [NO_EFFECT, { kind: 'body', body: '{}' }], 'still showed the key'],
  ['does not find the key', [NOT_FOUND], 'still showed the key'],
  ['has failed', [NO_EFFECT, FAILED], 'its operation has failed with NoLuck'],
  ['is refused', [REFUSED], 'DeleteBucketAccessKey failed with AccessDeniedException'],
];

// In one block, as jest runs the tests of one at once, and blocks one after the other.
describe('A deletion that', () => {
  /** Most wait for a minute: all of them at once. */
  const played = (play: (its: KeyStack, id: string, why: string) => Promise<void>) =>
    KeyStack.alone(FILE, async (its, _what: string, faults: readonly FaultAction[], why: string) => {
      await its.apply();
      const [id = ''] = its.ids();
      for (const fault of faults) its.emulator.faults.add({ ...ALWAYS, ...fault });
      await play(its, id, why);
    });

  /** The key lives: it is in the state, its pair and its journal are in place, and once AWS is well it goes. */
  async function isStillThere(its: KeyStack, id: string, why: string, said: string): Promise<void> {
    expect(said).toContain(`Key ${id} of bucket uploads could not be deleted`);
    expect(said).toContain(why);
    expect(its.ids()).toEqual([id]);
    expect((await its.state()).access_key_id).toBe(id);
    expect(its.delivered().accessKeyId).toBe(id);
    expect(readdirSync(its.terraform.folder).join()).toContain('.key.json.lightsail-journal-');
  }

  it.concurrent.each(NOT_DONE)(
    '%s leaves the key in the state, and the next destroy deletes it',
    played(async (its, id, why) => {
      const { code, said } = await its.run('destroy', '-auto-approve');
      expect(code).toBe(1);
      await isStillThere(its, id, why, said);
      its.emulator.faults.clear();
      expect((await its.run('destroy', '-auto-approve', '-refresh=false')).code).toBe(0);
      expect([its.ids(), existsSync(its.path())]).toEqual([[], false]);
    }),
  );

  it.concurrent.each(NOT_DONE)(
    '%s leaves the key of a removed block in the state',
    played(async (its, id, why) => {
      await its.terraform.write('main.tf', stack({}));
      const { code, said } = await its.run('apply', '-auto-approve');
      expect(code).toBe(1);
      await isStillThere(its, id, why, said);
    }),
  );
});

describe('A deletion', () => {
  const played = <Case extends unknown[]>(play: (its: KeyStack, id: string, ...of: Case) => Promise<void>) =>
    KeyStack.alone<Case>(FILE, async (its, ...of) => {
      await its.apply();
      const [id = ''] = its.ids();
      await play(its, id, ...of);
    });
  const sent = (its: KeyStack, operation: string, from = 0) =>
    its.emulator.log.slice(from).filter((call) => call.operation === operation).length;
  const rotate = (its: KeyStack, rotation: string) =>
    its.declare(`${FILE}\n  rotation {\n    ${rotation}\n  }`);

  it.concurrent(
    'is announced after a list, shown to be done by one, and followed by one of what is left',
    played(async (its) => {
      const before = its.emulator.log.length;
      await its.terraform.succeeds('destroy', '-auto-approve', '-refresh=false');
      expect([sent(its, DELETE, before), sent(its, 'GetBucketAccessKeys', before)]).toEqual([1, 3]);
    }),
  );

  it.concurrent.each<[string, FaultAction]>([
    ['had no effect the first time', NO_EFFECT],
    ['did not find the key the first time', NOT_FOUND],
  ])(
    'that %s is sent again within the same destroy',
    played(async (its, _id, _what: string, fault: FaultAction) => {
      its.emulator.faults.add({ operation: DELETE, ...fault });
      expect((await its.run('destroy', '-auto-approve')).code).toBe(0);
      expect([its.ids(), sent(its, DELETE), existsSync(its.path())]).toEqual([[], 2, false]);
    }),
  );

  it.concurrent(
    'that was refused is done where the list shows that the key is gone',
    played(async (its, id) => {
      its.emulator.faults.add({ ...ALWAYS, ...REFUSED });
      // Somebody deletes it between the refresh and the deletion.
      const stop = its.emulator.onCall((point, call) => {
        if (point === 'received' && call.operation === DELETE) its.emulator.deleteKey('uploads', id);
      });
      expect((await its.run('destroy', '-auto-approve')).code).toBe(0);
      stop();
    }),
  );

  it.concurrent(
    'of a rotated key that does not happen leaves it to the next apply, by ID',
    played(async (its, id) => {
      await rotate(its, 'overlap_hours = 0\n    keepers = { version = 2 }');
      for (const fault of [NO_EFFECT, FAILED]) its.emulator.faults.add({ ...ALWAYS, ...fault });
      const { code, said } = await its.run('apply', '-auto-approve');
      expect(code).toBe(1);
      expect(said).toContain(`Key ${id} of bucket uploads could not be deleted`);
      const [, successor] = its.ids();
      expect(its.ids()).toEqual([id, successor]);
      expect(its.delivered().accessKeyId).toBe(successor);
      its.emulator.faults.clear();
      expect((await its.plan()).said).toContain(id);
      await its.apply();
      expect(its.ids()).toEqual([successor]);
      expect((await its.plan()).code).toBe(0);
    }),
  );

  it.concurrent(
    'of a key whose overlap is over that does not happen leaves it as the previous one',
    played(async (its, id) => {
      await rotate(its, 'overlap_hours = 1\n    keepers = { version = 2 }');
      await its.apply();
      its.emulator.age(8 * HOUR);
      for (const fault of [NO_EFFECT, FAILED]) its.emulator.faults.add({ ...ALWAYS, ...fault });
      const { code, said } = await its.run('apply', '-auto-approve');
      expect(code).toBe(1);
      expect(said).toContain(`Key ${id} of bucket uploads could not be deleted`);
      expect((await its.state()).previous_access_key_id).toBe(id);
      its.emulator.faults.clear();
      await its.apply();
      expect((await its.state()).previous_access_key_id).toBeNull();
      expect(its.ids()).not.toContain(id);
    }),
  );
});

describe('A key whose pair could not be delivered', () => {
  const played = <Case extends unknown[]>(play: (its: KeyStack, ...of: Case) => Promise<void>) =>
    KeyStack.alone<Case>(`${FILE}\n  verify_timeout_seconds = 1`, async (its, ...of) => {
      its.emulator.faults.add({ kind: 'key-not-accepted', ms: 600_000 });
      await play(its, ...of);
    });
  const apply = (its: KeyStack) => its.run('apply', '-auto-approve');

  it.concurrent(
    'is called deleted when the list has shown it, and then no more',
    played(async (its) => {
      its.emulator.faults.add({ kind: 'key-not-listed', calls: 3 });
      const { code, said } = await apply(its);
      expect(code).toBe(1);
      expect(said).toMatch(/key AKIA\w+ of bucket uploads was deleted again/);
      expect(its.ids()).toEqual([]);
      expect(await its.state()).toEqual({});
    }),
  );

  it.concurrent(
    'is deleted again where a replica did not know it',
    played(async (its) => {
      its.emulator.faults.add({ kind: 'key-not-known', ms: 5000 });
      const { said } = await apply(its);
      expect(said).toMatch(/key AKIA\w+ of bucket uploads was deleted again/);
      expect(its.ids()).toEqual([]);
    }),
  );

  it.concurrent.each<[string, readonly FaultAction[]]>([
    ['has failed', [NO_EFFECT, FAILED]],
    ['has no effect', [NO_EFFECT]],
  ])(
    'stays in the state where its deletion %s, and the next apply deletes it',
    played(async (its, _what: string, faults: readonly FaultAction[]) => {
      for (const fault of faults) its.emulator.faults.add({ ...ALWAYS, ...fault });
      const { code, said } = await apply(its);
      const [id] = its.ids();
      expect(code).toBe(1);
      expect(said).toContain(`key ${id ?? ''} of bucket uploads could not be deleted`);
      expect(said).not.toContain('was deleted again');
      expect((await its.state()).access_key_id).toBe(id);
      its.emulator.faults.clear();
      await its.apply();
      expect(its.ids()).toHaveLength(1);
      expect(its.ids()).not.toContain(id);
      expect((await its.plan()).code).toBe(0);
    }),
  );

  it.concurrent(
    'that AWS reports as failed is deleted, and not delivered',
    played(async (its) => {
      its.emulator.faults.clear();
      its.emulator.faults.add({ operation: 'CreateBucketAccessKey', ...FAILED });
      const { code, said } = await apply(its);
      expect(code).toBe(1);
      expect(said).toContain('AWS reports that creating the key has failed');
      expect([its.ids(), existsSync(its.path())]).toEqual([[], false]);
      await its.apply();
      expect((await its.plan()).code).toBe(0);
    }),
  );
});
