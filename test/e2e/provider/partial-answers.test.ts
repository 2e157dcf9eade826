import { rmSync } from 'node:fs';
import type { EmulatorKey } from '../../../src/emulator/index.js';
import { KeyStack } from '../../support/key-stack.js';

const LIST = 'GetBucketAccessKeys';
const DAY = 24 * 3_600_000;
const NEVER_USED = { region: 'N/A', serviceName: 'N/A' };

type Answer = (key: EmulatorKey) => object;
const whole: Answer = ({ accessKeyId, status, createdAt }) => ({
  accessKeyId,
  status,
  createdAt: createdAt.getTime() / 1000,
  lastUsed: NEVER_USED,
});
const withStatus =
  (status?: string): Answer =>
  (key) => ({ ...whole(key), status });
const withoutTime: Answer = (key) => ({ ...whole(key), createdAt: undefined });

describe('An answer of AWS in part', () => {
  let its: KeyStack;
  beforeEach(async () => {
    its = await KeyStack.start();
    await declare();
    await its.terraform.succeeds('init');
    await its.apply();
  });
  afterEach(() => its.end());

  const declare = (more = '') =>
    its.declare(
      `exclusive = true\n  secret {\n    file { path = "key.json" }\n  }\n  rotation {\n    after_days = 90\n    ${more}\n  }`,
    );
  /** Every list is AWS's, as far as it tells that of a key. */
  const answer = (tell: Answer) =>
    its.emulator.faults.add({
      operation: LIST,
      kind: 'body',
      body: JSON.stringify({ accessKeys: its.emulator.keys('uploads').map(tell) }),
      times: 'always',
    });
  const dated = (ms: number | null) =>
    its.emulator.faults.add({ operation: LIST, kind: 'date', ms, times: 'always' });
  const changes = () =>
    its.emulator.log.filter(({ operation }) => /^(Create|Delete)BucketAccessKey$/.test(operation)).length;
  /** Plans and applies, which make and delete no key. */
  const nothing = async () => {
    const before = changes();
    const planned = await its.plan();
    const applied = await its.run('apply', '-auto-approve');
    expect(changes()).toBe(before);
    return { code: planned.code, said: planned.said, applied };
  };

  it.each([
    ['without a status', withStatus(), 'AWS does not report the status of key'],
    [
      'with a status of later days',
      withStatus('Expiring'),
      'has the status Expiring, which this version does not know',
    ],
    ['without createdAt', withoutTime, 'AWS does not report when key'],
  ])('%s keeps keys that are due and retirable, and warns of them', async (_, tell, warning) => {
    await declare('overlap_hours = 1\n    keepers = { version = "2" }');
    await its.apply();
    its.emulator.age(91 * DAY);
    const ids = its.ids();
    expect(ids).toHaveLength(2);
    answer(tell);
    const { code, said, applied } = await nothing();
    expect(code).toBe(0);
    expect(said).toContain(warning);
    expect(said).not.toMatch(/1970|Invalid Date/);
    expect(applied.code).toBe(0);
    its.emulator.faults.clear();
    await its.apply();
    expect(its.ids()).not.toEqual(ids);
  });

  it.each([
    ['without a Date', null, 'AWS did not report the time'],
    ['three days ahead', 3 * DAY, 'The clocks of AWS and of this machine differ'],
    ['an hour behind', -DAY / 24, 'The clocks of AWS and of this machine differ'],
  ])('%s makes nothing due, and one warning says which of two to check', async (_, ms, warning) => {
    its.emulator.age(91 * DAY);
    dated(ms);
    const { code, said, applied } = await nothing();
    expect(code).toBe(0);
    expect(said.split(warning)).toHaveLength(2);
    expect(said).toMatch(/Check (this machine's clock first|what answers at the endpoint of Lightsail)/);
    expect(applied.code).toBe(0);
    its.emulator.faults.clear();
    expect((await its.plan()).code).toBe(2);
  });

  it('three days ahead ends no overlap', async () => {
    await declare('overlap_hours = 24\n    keepers = { version = "2" }');
    await its.apply();
    dated(3 * DAY);
    expect((await nothing()).code).toBe(0);
    expect(its.ids()).toHaveLength(2);
  });

  it('without a status makes no key for a pair that is lost: the change stays, and its apply fails', async () => {
    const [id = ''] = its.ids();
    rmSync(its.path());
    answer(withStatus());
    const { code, said, applied } = await nothing();
    expect(code).toBe(2);
    expect(said).toContain(`No successor of key ${id} of bucket uploads`);
    expect(applied.code).toBe(1);
    expect(applied.said).toContain(`No successor of key ${id} of bucket uploads`);
    its.emulator.faults.clear();
    await its.apply();
    expect(its.ids()).toContain(its.delivered().accessKeyId);
    expect((await its.plan()).code).toBe(0);
  });

  it('without a status makes a key where its author asks for one', async () => {
    rmSync(its.path());
    await declare('overlap_hours = 0\n    keepers = { version = "2" }');
    const [old = ''] = its.ids();
    its.emulator.faults.add({
      operation: LIST,
      kind: 'body',
      body: JSON.stringify({ accessKeys: its.emulator.keys('uploads').map(withStatus()) }),
      times: 2,
    });
    const { code } = await its.run('apply', '-auto-approve');
    expect(code).toBe(0);
    // Of the old one nobody knows whether consumers can use it.
    expect(its.ids()).toEqual([old, its.delivered().accessKeyId]);
  });
});
