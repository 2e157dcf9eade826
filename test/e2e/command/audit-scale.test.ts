import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator } from '../../../src/emulator/index.js';
import { audit, type AuditJson, auditorOf, found, startAudited } from '../../support/audit.js';
import { checkJunit } from '../../support/junit/check-junit.js';

const BUCKETS = Array.from({ length: 1000 }, (_, n) => `bucket-${String(n).padStart(4, '0')}`);
const PAGES = 10;
/** Every tenth answer asks to slow down. */
const THROTTLED = { kind: 'error', when: 'before', type: 'ThrottlingException', status: 400 } as const;
/** As often the command repeats a throttled call (src/lightsail/pace.ts). */
const REPETITIONS = 10;

let scratch: string;
let emulator: Emulator;
beforeEach(async () => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'audit-scale-')));
  emulator = await startAudited({ buckets: BUCKETS });
});
afterEach(async () => {
  await emulator.close();
  rmSync(scratch, { recursive: true });
});

/** A state that has the key of every bucket but each hundredth. Answers the IDs that it leaves out, by bucket. */
function keysAndState(): readonly string[] {
  const keys = BUCKETS.map((bucket) => ({ bucket, id: emulator.makeStrangerKey(bucket).accessKeyId }));
  const resources = keys
    .filter((_, n) => n % 100 !== 99)
    .map(({ bucket, id }) => ({
      address: `lightsail_bucket_access_key.key["${bucket}"]`,
      mode: 'managed',
      type: 'lightsail_bucket_access_key',
      values: { bucket_name: bucket, access_key_id: id, secret: { file: { path: 'key.json' } } },
    }));
  const state = { format_version: '1.0', values: { root_module: { resources } } };
  writeFileSync(join(scratch, 'state.json'), JSON.stringify(state));
  return keys.filter((_, n) => n % 100 === 99).map(({ bucket, id }) => `${bucket} ${id} unmanaged`);
}

const callsOf = (operation: string) => emulator.log.filter((call) => call.operation === operation);

test('a thousand buckets with every tenth answer throttled are all judged, with a call for each and few more', async () => {
  const unmanaged = keysAndState();
  for (let nth = 10; nth <= 1500; nth += 10) emulator.faults.add({ ...THROTTLED, nth });
  const formats = ['json', 'xml', 'html', 'txt'].map((ending) => join(scratch, `report.${ending}`));
  const outputs = formats.flatMap((path) => ['--output', path]);
  const { code, stderr } = await audit(
    scratch,
    auditorOf(emulator),
    '--state',
    join(scratch, 'state.json'),
    ...outputs,
  );
  const [json = '', xml = '', html = ''] = formats.map((path) => readFileSync(path, 'utf8'));
  const report = JSON.parse(json) as AuditJson;

  expect(code).toBe(2);
  expect(report.verdict).toBe('findings');
  expect(report.buckets.map(({ bucket, outcome }) => `${bucket} ${outcome}`)).toEqual(
    BUCKETS.map((bucket) => `${bucket} read`),
  );
  expect(found(report)).toEqual(unmanaged);

  const [answered, throttled] = [
    emulator.log.filter(({ status }) => status === 200),
    emulator.log.filter(({ errorType }) => errorType === 'ThrottlingException'),
  ];
  expect(answered).toHaveLength(BUCKETS.length + PAGES);
  expect(new Set(answered.map(({ bucket }) => bucket)).size).toBe(BUCKETS.length + 1);
  expect(throttled.length).toBeGreaterThanOrEqual(100);
  expect(emulator.log).toHaveLength(answered.length + throttled.length);
  expect(emulator.log.length).toBeLessThan(1.2 * (BUCKETS.length + PAGES));

  expect(stderr).toMatch(/^\d+ of (at least )?\d+ buckets(, at the slower pace that AWS asks for)?\n/);
  expect(checkJunit(xml.trimEnd()).children).toHaveLength(BUCKETS.length + 1);
  expect(html.match(/ id="bucket-\d+"/g)).toHaveLength(BUCKETS.length);
});

test('a bucket that is throttled for ever is asked a bounded number of times, and the others are judged', async () => {
  const unmanaged = keysAndState();
  emulator.faults.add({ ...THROTTLED, bucket: 'bucket-0042', times: 'always' });
  const { code, stdout } = await audit(
    scratch,
    auditorOf(emulator),
    '--format',
    'json',
    '--state',
    join(scratch, 'state.json'),
  );
  const report = JSON.parse(stdout) as AuditJson;
  expect(code).toBe(1);
  expect(report.buckets.filter(({ outcome }) => outcome === 'unreadable')).toMatchObject([
    { bucket: 'bucket-0042', reason: expect.stringContaining('ThrottlingException') as string },
  ]);
  expect(found(report)).toEqual(unmanaged);
  const asked = callsOf('GetBucketAccessKeys').filter(({ bucket }) => bucket === 'bucket-0042');
  expect(asked).toHaveLength(1 + REPETITIONS);
});

test('it makes no call but GetBuckets and GetBucketAccessKeys, whatever it finds', async () => {
  keysAndState();
  emulator.setStatus('bucket-0001', emulator.keys('bucket-0001')[0]?.accessKeyId ?? '', 'Inactive');
  emulator.deleteKey('bucket-0002', emulator.keys('bucket-0002')[0]?.accessKeyId ?? '');
  emulator.deleteBucket('bucket-0003');
  emulator.age(400 * 86_400_000);
  const { code } = await audit(
    scratch,
    auditorOf(emulator),
    '--state',
    join(scratch, 'state.json'),
    '--max-age-days',
    '90',
  );
  // Where the deleted bucket was, the state does not say: its key may be missing.
  expect(code).toBe(1);
  expect(new Set(emulator.log.map(({ operation }) => operation))).toEqual(
    new Set(['GetBuckets', 'GetBucketAccessKeys']),
  );
  expect(emulator.log.every(({ status, effect }) => status === 200 && !effect)).toBe(true);
});
