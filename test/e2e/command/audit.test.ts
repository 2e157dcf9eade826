import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator, EmulatorOptions } from '../../../src/emulator/index.js';
import {
  audit,
  auditJson,
  auditorOf,
  besidesProgress,
  command,
  found,
  startAudited,
} from '../../support/audit.js';
import { run } from '../../support/command.js';
import { checkJunit } from '../../support/junit/check-junit.js';
import { routeRegions } from '../../support/region-router.js';

const DAY = 86_400_000;

let scratch: string;
const emulators: Emulator[] = [];
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'audit-')));
});
afterEach(async () => {
  await Promise.all(emulators.splice(0).map((emulator) => emulator.close()));
  rmSync(scratch, { recursive: true });
});

async function start(options: EmulatorOptions): Promise<Emulator> {
  const emulator = await startAudited(options);
  emulators.push(emulator);
  return emulator;
}

/** Three buckets, 40 days later: a key never used, a key that somebody switched off, and no key. */
async function threeBuckets(
  options: EmulatorOptions = {},
): Promise<{ emulator: Emulator; old: string; off: string }> {
  const emulator = await start({ ...options, buckets: ['backups', 'empty', 'uploads'] });
  const old = emulator.makeStrangerKey('uploads').accessKeyId;
  emulator.age(40 * DAY);
  const off = emulator.makeStrangerKey('backups').accessKeyId;
  emulator.setStatus('backups', off, 'Inactive');
  return { emulator, old, off };
}

describe('audit', () => {
  it('needs no right but those that policy --for audit prints', async () => {
    const { emulator, old, off } = await threeBuckets();
    const { code, report } = await auditJson(scratch, auditorOf(emulator), '--max-age-days', '39');
    expect(code).toBe(2);
    expect(found(report)).toEqual([
      `backups ${off} inactive`,
      `uploads ${old} over-age`,
      `uploads ${old} never-used`,
    ]);
    expect(emulator.log.map(({ operation }) => operation).sort()).toEqual([
      'GetBucketAccessKeys',
      'GetBucketAccessKeys',
      'GetBucketAccessKeys',
      'GetBuckets',
    ]);
  });

  it('judges by the time of AWS, which is ten minutes ahead here', async () => {
    const { emulator } = await threeBuckets();
    emulator.clock.advance(10 * 60_000);
    const { report } = await auditJson(scratch, auditorOf(emulator));
    expect(report.buckets.find(({ bucket }) => bucket === 'uploads')?.keys[0]?.ageDays).toBe(40);
    expect(Date.parse(report.asOf ?? '') - Date.now()).toBeGreaterThan(8 * 60_000);
  });

  it('says nothing found with exit status 0, and nothing on standard error', async () => {
    const emulator = await start({ buckets: ['uploads'] });
    emulator.makeStrangerKey('uploads');
    const { code, stdout, stderr } = await audit(scratch, auditorOf(emulator));
    expect({ code, said: besidesProgress(stderr) }).toEqual({ code: 0, said: '' });
    expect(stdout).toMatch(/\n1 bucket, 1 key: nothing found, as of /);
  });

  it('writes a table and JUnit XML of the same findings', async () => {
    const { emulator, old, off } = await threeBuckets();
    const asTable = await audit(scratch, auditorOf(emulator));
    expect(asTable.code).toBe(2);
    expect(asTable.stdout).toMatch(
      new RegExp(`us-east-1 +uploads +${old} +Active +40 d +never +not judged +never-used\n`),
    );
    const asJunit = await audit(scratch, auditorOf(emulator), '--format', 'junit');
    expect(asJunit.code).toBe(2);
    const failed = checkJunit(asJunit.stdout).children.flatMap(({ children }) =>
      children
        .filter((child) => child.children[0]?.name === 'failure')
        .map(({ attributes }) => attributes.name),
    );
    expect(failed).toEqual([`${off}: inactive`, `${old}: never-used`]);
  });

  it('writes a page of HTML, and the same report into files of other formats, by one look', async () => {
    const { emulator, old, off } = await threeBuckets();
    const files = ['audit.html', 'audit.xml', 'audit.json', 'audit.txt'];
    const outputs = files.flatMap((file) => ['--output', file]);
    const { code, stdout } = await audit(scratch, auditorOf(emulator), '--format', 'html', ...outputs);
    expect(code).toBe(2);
    expect(emulator.log).toHaveLength(4);
    expect(stdout).toMatch(/^<!doctype html>\n[^]+<\/html>\n$/);
    const [page, ...others] = files.map((file) => readFileSync(join(scratch, file), 'utf8'));
    expect(page).toBe(stdout);
    for (const text of [stdout, ...others]) {
      expect(text).toContain(old);
      expect(text).toContain(off);
    }
    expect(JSON.parse(others[1] ?? '')).toMatchObject({ verdict: 'findings' });
  });

  it('fails where a file cannot be written, and the report is not lost', async () => {
    const { emulator, old } = await threeBuckets();
    const { code, stdout, stderr } = await audit(
      scratch,
      auditorOf(emulator),
      '--output',
      'nowhere/audit.html',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('The report could not be written into nowhere/audit.html (ENOENT).');
    expect(stdout).toContain(old);
  });

  it('looks only at the buckets that are named, and then needs no right to list buckets', async () => {
    const { emulator, off } = await threeBuckets({
      authorize: ({ operation }) => operation === 'GetBucketAccessKeys',
    });
    const { code, report } = await auditJson(
      scratch,
      auditorOf(emulator),
      '--bucket',
      'backups',
      '--bucket',
      'empty',
    );
    expect(code).toBe(2);
    expect(found(report)).toEqual([`backups ${off} inactive`]);
    expect(emulator.log.map(({ operation }) => operation)).toEqual([
      'GetBucketAccessKeys',
      'GetBucketAccessKeys',
    ]);
  });

  it.each(['NotFoundException', 'DoesNotExist'] as const)(
    'could not tell of a named bucket that is not there (%s)',
    async (goneAs) => {
      const { emulator } = await threeBuckets({ goneAs });
      const { code, stdout } = await audit(
        scratch,
        auditorOf(emulator),
        '--bucket',
        'typo',
        '--bucket',
        'empty',
      );
      expect(code).toBe(1);
      expect(stdout).toContain('could not tell: bucket typo is in none of the audited regions (us-east-1)');
    },
  );

  it('prints what it could read when a bucket cannot be read, and exits with 1', async () => {
    const { emulator, old } = await threeBuckets();
    emulator.faults.add({
      operation: 'GetBucketAccessKeys',
      bucket: 'backups',
      kind: 'error',
      when: 'before',
      type: 'AccessDeniedException',
      status: 400,
      times: 'always',
    });
    const { code, report } = await auditJson(scratch, auditorOf(emulator));
    expect(code).toBe(1);
    expect(report.verdict).toBe('incomplete');
    expect(found(report)).toEqual([`uploads ${old} never-used`]);
    expect(report.buckets.find(({ bucket }) => bucket === 'backups')).toMatchObject({
      outcome: 'unreadable',
      reason: expect.stringContaining('GetBucketAccessKeys failed with AccessDeniedException') as string,
    });
  });

  it('gets through throttling, lost answers and failures of the service', async () => {
    const emulator = await start({ buckets: Array.from({ length: 60 }, (_, i) => `bucket-${i}`) });
    const error = { kind: 'error', when: 'before' } as const;
    emulator.faults.add({
      operation: 'GetBuckets',
      ...error,
      type: 'ThrottlingException',
      status: 400,
      times: 3,
    });
    for (let nth = 2; nth < 60; nth += 4) {
      const of = { operation: 'GetBucketAccessKeys', nth };
      emulator.faults.add({ ...of, ...error, type: 'ThrottlingException', status: 400 });
    }
    emulator.faults.add({
      operation: 'GetBucketAccessKeys',
      nth: 3,
      ...error,
      type: 'ServiceException',
      status: 500,
    });
    emulator.faults.add({ operation: 'GetBucketAccessKeys', nth: 5, kind: 'drop', when: 'after' });
    emulator.faults.add({ operation: 'GetBucketAccessKeys', nth: 7, kind: 'truncate', framing: 'complete' });
    const { code, report } = await auditJson(scratch, auditorOf(emulator));
    expect(code).toBe(0);
    expect(report.buckets.filter(({ outcome }) => outcome === 'read')).toHaveLength(60);
  });

  it('reads several regions at once, and tells the one that cannot be read', async () => {
    const [virginia, ireland, tokyo] = await Promise.all([
      start({ region: 'us-east-1', buckets: ['uploads'] }),
      start({ region: 'eu-west-1', buckets: ['backups'] }),
      start({ region: 'ap-northeast-1', buckets: ['logs'], authorize: () => false }),
    ]);
    ireland.makeStrangerKey('backups');
    const router = await routeRegions([virginia, ireland, tokyo]);
    const env = { ...auditorOf(virginia).env, AWS_ENDPOINT_URL_LIGHTSAIL: router.url };
    const regions = ['--region', 'us-east-1', '--region', 'eu-west-1'];
    const both = await auditJson(scratch, { env }, ...regions);
    const all = await auditJson(scratch, { env }, ...regions, '--region', 'ap-northeast-1');
    const named = await auditJson(scratch, { env }, ...regions, '--bucket', 'backups');
    await router.close();
    expect(both.code).toBe(0);
    expect(both.report.buckets.map(({ region, bucket }) => `${region} ${bucket}`)).toEqual([
      'eu-west-1 backups',
      'us-east-1 uploads',
    ]);
    expect(all.code).toBe(1);
    expect(all.report.buckets).toHaveLength(2);
    expect(all.report.regions[2]?.unreadable).toMatch(/^GetBuckets failed with AccessDeniedException/);
    expect(named.code).toBe(0);
    expect(named.report.buckets.map(({ region, bucket }) => `${region} ${bucket}`)).toEqual([
      'eu-west-1 backups',
    ]);
  });
});

describe('What the audit cannot begin with', () => {
  it('is no region, no credentials or no endpoint: it says what to set, and exits with 1', async () => {
    const { AWS_ENDPOINT_URL_LIGHTSAIL: endpoint = '' } = (await start({})).env;
    const nowhere = await audit(scratch, { env: {} });
    expect(nowhere).toMatchObject({ code: 1, stdout: '' });
    expect(nowhere.stderr).toContain('Give --region, or set AWS_REGION');
    const nobody = await audit(
      scratch,
      { env: { AWS_ENDPOINT_URL_LIGHTSAIL: endpoint } },
      '--region',
      'us-east-1',
    );
    expect(nobody.code).toBe(1);
    expect(nobody.stdout).toContain('there are no AWS credentials');
    expect(nobody.stdout).toContain('Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
    expect(nobody.stdout).not.toContain('provider block');
  });

  it('takes region and credentials from the profile that AWS_PROFILE names', async () => {
    const { env } = auditorOf(await start({ region: 'eu-west-1', buckets: ['uploads'] }));
    writeFileSync(
      join(scratch, 'config'),
      `[profile ops]\nregion = eu-west-1\naws_access_key_id = ${env.AWS_ACCESS_KEY_ID ?? ''}\n` +
        `aws_secret_access_key = ${env.AWS_SECRET_ACCESS_KEY ?? ''}\n`,
    );
    const profile = {
      AWS_PROFILE: 'ops',
      AWS_CONFIG_FILE: join(scratch, 'config'),
      AWS_ENDPOINT_URL_LIGHTSAIL: env.AWS_ENDPOINT_URL_LIGHTSAIL ?? '',
    };
    const { code, report } = await auditJson(scratch, { env: profile });
    expect(code).toBe(0);
    expect(report.regions).toEqual([
      { region: 'eu-west-1', accounts: ['123456789012'], buckets: 1, unreadable: null },
    ]);
  });

  it.each([
    [['--format', 'pdf'], 'Give --format as one of table, json, junit, html'],
    [['--output', 'audit.pdf'], '--output is audit.pdf, which ends with none of .txt, .json, .xml, .html'],
    [['--region', 'Ireland'], '--region Ireland is not the name of a Region: give one such as eu-central-1.'],
    [['--bucket', 'UP'], '--bucket UP is not the name of a bucket'],
    [['--max-age-days', '-1'], '--max-age-days'],
    [['--never-used-days', '1.5'], '--never-used-days 1.5 is not a number of days'],
    [['uploads'], 'Unexpected argument'],
  ])('is a command line like %j: exit status 1 and the usage', async (args, words) => {
    const { code, stdout, stderr } = await audit(scratch, { env: {} }, ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('Usage: lightsail-access-key audit');
  });

  it('is a state that cannot be read: no call is made, since every key would look unmanaged', async () => {
    const { emulator } = await threeBuckets();
    writeFileSync(join(scratch, 'state.json'), '{"secret_access_key": "canary/secret+value", oops');
    const { code, stdout, stderr } = await audit(scratch, auditorOf(emulator), '--state', 'state.json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('Cannot read state state.json: it is not JSON.');
    expect(stderr).not.toMatch(/canary|oops/);
    expect(emulator.log).toEqual([]);
  });
});

test('--help tells the options, the findings and the exit statuses', async () => {
  const { code, stdout } = await run(command, ['audit', '--help'], { cwd: scratch });
  expect(code).toBe(0);
  expect(stdout).toMatch(/--max-age-days N[^]+never-used[^]+Exit status: 0 nothing found, 2 findings, 1 /);
});
