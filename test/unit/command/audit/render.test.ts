import { htmlPage } from '../../../../src/command/audit/render/html.js';
import { json } from '../../../../src/command/audit/render/json.js';
import { junit } from '../../../../src/command/audit/render/junit.js';
import { table } from '../../../../src/command/audit/render/table.js';
import { reportOn } from '../../../../src/command/audit/report-on.js';
import type { Report } from '../../../../src/command/audit/report.js';
import { NOT_REPORTED } from '../../../../src/lifecycle/access-key.js';
import type { AccessKey } from '../../../../src/lifecycle/access-key.js';
import { checkJunit } from '../../../support/junit/check-junit.js';
import { aBucket, aKey, aManagedKey, anInventory, aRegion, aState, daysAgo, LIMITS } from './given.js';

const HOSTILE = `lightsail_bucket_access_key.key["<&>'\\"\u001b[31m\u0007\u202e\n]]>\uFFFF"]`;

/** Something of everything that a report can say. */
function fullReport(): Report {
  const inventory = {
    ...anInventory(
      aRegion(
        [
          aBucket('empty'),
          aBucket('uploads', [
            aKey('AKIAINORDER'),
            aKey('AKIASTRANGER', { status: 'Inactive', createdAt: daysAgo(100), lastUse: null }),
          ]),
        ],
        {
          unread: [
            { name: 'locked', region: 'us-east-1', reason: 'GetBucketAccessKeys failed: "no" & <never>.' },
          ],
        },
      ),
      aRegion([], { region: 'eu-west-1', isWhole: false, failure: 'GetBuckets failed.' }),
    ),
  };
  const keys = [
    aManagedKey('uploads', 'AKIAINORDER', { rotationDueAt: daysAgo(-5) }),
    aManagedKey('uploads', 'AKIAGONE', { address: HOSTILE }),
    aManagedKey('elsewhere', 'AKIAELSEWHERE', { address: HOSTILE }),
  ];
  const note = 'Stack test has no state at x, so it is taken for one that was never deployed.';
  return {
    ...reportOn(inventory, [aState(...keys), { state: 'cdk.tf.json', keys: [], note }], {
      maxAgeDays: 90,
      neverUsedDays: 30,
    }),
    notFound: ['typo'],
  };
}

const cleanReport = () => reportOn(anInventory(aRegion([aBucket('uploads', [aKey('AKIA')])])), null, LIMITS);

/** A resource without a current key on a bucket that was read, and one on a bucket that nobody can find. */
function lostReport(): Report {
  const keys = ['uploads', 'elsewhere'].map((bucket) => aManagedKey(bucket, null));
  const inventory = anInventory(aRegion([aBucket('uploads', [aKey('AKIAOLD')])]));
  return reportOn(inventory, [aState(...keys, aManagedKey('uploads', 'AKIAOLD'))], LIMITS);
}

const LOST = 'lightsail_bucket_access_key.uploads has no current key of bucket uploads';

describe('Of a key whose use AWS does not tell', () => {
  const of = (lastUse: AccessKey['lastUse']) =>
    reportOn(anInventory(aRegion([aBucket('uploads', [aKey('AKIAONE', { lastUse })])])), null, LIMITS);
  const inJson = (lastUse: AccessKey['lastUse']) =>
    (JSON.parse(json(of(lastUse))) as { buckets: [{ keys: [object] }] }).buckets[0].keys[0];

  it('JSON says nothing, where a key that was never used has null', () => {
    expect(inJson(NOT_REPORTED)).not.toHaveProperty('lastUsed');
    expect(inJson(null)).toHaveProperty('lastUsed', null);
  });

  it('HTML names what AWS tells: the time alone where it tells no more', () => {
    const page = htmlPage(of({ date: daysAgo(1), region: '', serviceName: '' })).replace(/\s+/g, ' ');
    expect(page).not.toMatch(/, by | in <\/dd>/);
    expect(htmlPage(of({ date: daysAgo(1), region: 'eu-west-1', serviceName: 's3' }))).toContain(
      ', by s3 in eu-west-1',
    );
  });
});

describe('The table', () => {
  it('names a resource without a current key, in its row and in words', () => {
    const text = table(lostReport());
    expect(text).toMatch(/uploads +- +gone +- +- +lightsail_bucket_access_key\.uploads +missing\n/);
    expect(text).toContain(`\nmissing: ${LOST}`);
    expect(text).toContain('not judged: the current key of bucket elsewhere');
  });

  it('has a row for each key, with columns that stand under each other', () => {
    const [head = '', first = '', second = '', gone = ''] = table(fullReport()).split('\n');
    expect(head).toMatch(/^REGION +BUCKET +KEY +STATUS +AGE +LAST USED +MANAGED BY +FOUND$/);
    const at = (column: string) => head.indexOf(column);
    expect(first.slice(at('KEY'))).toMatch(
      /^AKIASTRANGER +Inactive +100 d +never +- +inactive, unmanaged, over-age, never-used$/,
    );
    expect(second.slice(at('KEY'))).toMatch(
      /^AKIAINORDER +Active +10 d +2026-06-29 s3 us-east-1 +lightsail_bucket_access_key\.uploads +ok$/,
    );
    expect(gone.slice(at('KEY'))).toMatch(/^AKIAGONE +gone +- +- +.+missing$/);
    for (const row of [first, second]) expect(row.slice(at('STATUS'))).toMatch(/^(Active|Inactive) /);
  });

  it('says each finding, what could not be read, what was not judged, and a summary', () => {
    const text = table(fullReport());
    expect(text).toContain('\nover-age: Key AKIASTRANGER of bucket uploads is 100 days old');
    expect(text).toContain('could not tell: the buckets of eu-west-1 are not all known: GetBuckets failed.');
    expect(text).toContain('could not tell: the keys of bucket locked in us-east-1 could not be read:');
    expect(text).toContain(
      'could not tell: bucket typo is in none of the audited regions (us-east-1, eu-west-1)',
    );
    expect(text).toContain('could not tell: not judged: key AKIAELSEWHERE of bucket elsewhere');
    expect(text).toContain('note: Stack test has no state');
    expect(text).toMatch(
      /\n3 buckets, 2 keys: .*1 unmanaged.*, as of 2026-06-30T12:00:00\.000Z\. Incomplete\.$/,
    );
  });

  it('of a clean audit without a state says, by each key and at the end, that management was not judged', () => {
    expect(table(cleanReport()).split('\n')).toEqual([
      expect.stringMatching(/^REGION .+ LAST USED +MANAGED BY +FOUND$/),
      expect.stringMatching(/ not judged +ok$/),
      '',
      '1 bucket, 1 key: nothing found, as of 2026-06-30T12:00:00.000Z.',
      expect.stringMatching(/^Whether the keys are managed was not judged: .* Give --state /),
    ]);
  });

  it('sends nothing to the terminal that steers it', () => {
    // eslint-disable-next-line no-control-regex
    expect(table(fullReport())).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/);
    expect(table(fullReport())).toContain('\\u001b[31m');
  });

  it('shortens a long list of what could not be read, and says so', () => {
    const unread = Array.from({ length: 50 }, (_, i) => ({
      name: `b-${i}`,
      region: 'us-east-1',
      reason: 'No.',
    }));
    const text = table(reportOn(anInventory(aRegion([], { unread })), null, LIMITS));
    expect(text.match(/could not tell/g)).toHaveLength(20);
    expect(text).toContain('… and 30 more that are undetermined; --format json has them all.');
  });
});

describe('JSON', () => {
  it('has no ID for the current key that a resource lacks', () => {
    expect(JSON.parse(json(lostReport()))).toMatchObject({
      buckets: [
        {
          keys: [
            { accessKeyId: 'AKIAOLD', findings: [] },
            {
              accessKeyId: null,
              status: null,
              managedBy: [{ role: 'current' }],
              findings: [{ check: 'missing', message: expect.stringContaining(LOST) as string }],
            },
          ],
        },
      ],
      notJudged: [{ accessKeyId: null, bucket: 'elsewhere' }],
    });
  });

  it('has the documented shape, and nothing more', () => {
    const report = JSON.parse(json(fullReport())) as {
      buckets: { bucket: string; keys: object[] }[];
    } & Record<string, unknown>;
    expect(Object.keys(report)).toEqual([
      'version',
      'verdict',
      'checksNotJudged',
      'asOf',
      'limits',
      'regions',
      'states',
      'buckets',
      'notFound',
      'notJudged',
    ]);
    expect(report).toMatchObject({
      version: 1,
      verdict: 'incomplete',
      asOf: '2026-06-30T12:00:00.000Z',
      limits: { maxAgeDays: 90, neverUsedDays: 30 },
      notFound: ['typo'],
    });
    expect(report.buckets.map(({ bucket }) => bucket)).toEqual(['empty', 'locked', 'uploads']);
    const keys = report.buckets[2]?.keys;
    expect(keys?.[1]).toEqual({
      accessKeyId: 'AKIAINORDER',
      status: 'Active',
      createdAt: '2026-06-20T12:00:00.000Z',
      ageDays: 10,
      lastUsed: { date: '2026-06-29T12:00:00.000Z', region: 'us-east-1', serviceName: 's3' },
      managedBy: [{ address: 'lightsail_bucket_access_key.uploads', state: 'state.json', role: 'current' }],
      retirePreviousAfter: null,
      rotationDueAt: '2026-07-05T12:00:00.000Z',
      checks: ['missing', 'inactive', 'unmanaged', 'over-age', 'never-used', 'rotation-due'],
      findings: [],
    });
  });

  it('tells an audit without states from one with empty states', () => {
    expect(JSON.parse(json(cleanReport()))).toMatchObject({
      verdict: 'clean',
      checksNotJudged: ['missing', 'unmanaged', 'overlap-expired', 'rotation-due'],
      states: null,
    });
    expect(JSON.parse(json(fullReport()))).toMatchObject({ checksNotJudged: [] });
  });
});

describe('JUnit XML', () => {
  it('says that management was not judged where no state was given, and only there', () => {
    const NOT_JUDGED = 'Whether the keys are managed was not judged';
    checkJunit(junit(cleanReport()));
    expect(junit(cleanReport())).toContain(NOT_JUDGED);
    expect(junit(fullReport())).not.toContain(NOT_JUDGED);
  });

  it('calls the case of a resource without a current key by its address', () => {
    const { children } = checkJunit(junit(lostReport()));
    const cases = children.flatMap(({ children }) => children.filter(({ name }) => name === 'testcase'));
    const named = (name: string) => cases.find(({ attributes }) => attributes.name === name)?.children[0];
    expect(named('lightsail_bucket_access_key.uploads: missing')).toMatchObject({
      name: 'failure',
      text: expect.stringContaining(LOST) as string,
    });
    expect(named('lightsail_bucket_access_key.elsewhere: missing')).toMatchObject({
      name: 'error',
      text: expect.stringContaining('the current key of bucket elsewhere') as string,
    });
  });

  it('is valid, whatever the states hold, and gives back what went in', () => {
    const { children } = checkJunit(junit(fullReport()));
    expect(children.map(({ attributes }) => attributes.name)).toEqual([
      'us-east-1',
      'eu-west-1',
      'empty',
      'locked',
      'uploads',
      'typo',
      'elsewhere',
    ]);
    const uploads = children[4]?.children.filter(({ name }) => name === 'testcase') ?? [];
    const missing = uploads.find(({ attributes }) => attributes.name === 'AKIAGONE: missing')?.children[0];
    expect(missing?.name).toBe('failure');
    // eslint-disable-next-line no-control-regex
    expect(missing?.text).toContain(HOSTILE.replace(/[\u001b\u0007\uFFFF]/g, '\uFFFD'));
    expect(missing?.attributes.message).toBe(missing?.text);
  });

  it('has a case for each key and check, also for those that found nothing', () => {
    const { children } = checkJunit(junit(fullReport()));
    const cases = children[4]?.children.filter(({ name }) => name === 'testcase') ?? [];
    expect(cases.map(({ attributes, children }) => [attributes.name, children[0]?.name])).toEqual([
      ['keys are listed', undefined],
      ['AKIASTRANGER: inactive', 'failure'],
      ['AKIASTRANGER: unmanaged', 'failure'],
      ['AKIASTRANGER: over-age', 'failure'],
      ['AKIASTRANGER: never-used', 'failure'],
      ['AKIAINORDER: missing', undefined],
      ['AKIAINORDER: inactive', undefined],
      ['AKIAINORDER: unmanaged', undefined],
      ['AKIAINORDER: over-age', undefined],
      ['AKIAINORDER: never-used', undefined],
      ['AKIAINORDER: rotation-due', undefined],
      ['AKIAGONE: missing', 'failure'],
    ]);
  });

  it('calls what could not be read or told an error, not a failure', () => {
    const { children } = checkJunit(junit(fullReport()));
    const errors = children.filter(({ attributes }) => attributes.errors === '1');
    expect(errors.map(({ attributes }) => attributes.name)).toEqual([
      'eu-west-1',
      'locked',
      'typo',
      'elsewhere',
    ]);
  });

  it('says what was not judged in the output of its first suite', () => {
    const [first] = checkJunit(junit(fullReport())).children;
    expect(first?.children.at(-2)?.text).toMatch(/Stack test has no state[^]+Not judged: key AKIAELSEWHERE/);
  });
});
