import { reportOn } from '../../../../src/command/audit/report-on.js';
import { exitStatus, type Finding, findingsOf, type Report } from '../../../../src/command/audit/report.js';
import type { AccessKey } from '../../../../src/lifecycle/access-key.js';
import type { ManagedKey } from '../../../../src/command/audit/state/managed-keys.js';
import {
  ACCOUNT,
  aBucket,
  aKey,
  aManagedKey,
  anInventory,
  aRegion,
  aState,
  daysAgo,
  LIMITS,
  NOW,
} from './given.js';

function reportOf(key: AccessKey, managed: readonly ManagedKey[] | null, limits = LIMITS): Report {
  const inventory = anInventory(aRegion([aBucket('uploads', [key])]));
  return reportOn(inventory, managed && [aState(...managed)], limits);
}

function found(report: Report): readonly string[] {
  return findingsOf(report).map(({ check }) => check);
}

function only(report: Report): Finding {
  const [finding, ...others] = findingsOf(report);
  expect(others).toEqual([]);
  if (!finding) throw new Error('Nothing was found.');
  return finding;
}

describe('A key in order', () => {
  it('gives no finding and exit status 0, with and without a state', () => {
    const key = aKey('AKIAUPLOADS');
    for (const managed of [null, [aManagedKey('uploads', 'AKIAUPLOADS')]]) {
      const report = reportOf(key, managed, { maxAgeDays: 90, neverUsedDays: 30 });
      expect(found(report)).toEqual([]);
      expect(exitStatus(report)).toBe(0);
    }
  });

  it('is told with its age, last use and whoever has it', () => {
    const managed = aManagedKey('uploads', 'AKIAUPLOADS', { rotationDueAt: daysAgo(-80) });
    const [bucket] = reportOf(aKey('AKIAUPLOADS'), [managed]).buckets;
    expect(bucket).toMatchObject({ bucket: 'uploads', outcome: 'read', asOf: NOW });
    expect(bucket?.keys).toEqual([
      {
        accessKeyId: 'AKIAUPLOADS',
        status: 'Active',
        createdAt: daysAgo(10),
        ageDays: 10,
        lastUsed: { date: daysAgo(1), region: 'us-east-1', serviceName: 's3' },
        managedBy: [{ address: 'lightsail_bucket_access_key.uploads', state: 'state.json', role: 'current' }],
        retirePreviousAfter: null,
        rotationDueAt: daysAgo(-80),
        checks: ['missing', 'inactive', 'unmanaged', 'never-used', 'rotation-due'],
        findings: [],
        undetermined: [],
      },
    ]);
  });
});

describe('A finding', () => {
  it.each<[string, AccessKey, readonly ManagedKey[] | null, RegExp]>([
    ['inactive', aKey('AKIAUPLOADS', { status: 'Inactive' }), null, /is Inactive: S3 refuses it/],
    [
      'unmanaged',
      aKey('AKIAUPLOADS'),
      [],
      /is in none of the given states; it was made 10 days ago and was last used/,
    ],
    [
      'over-age',
      aKey('AKIAUPLOADS', { createdAt: daysAgo(91) }),
      null,
      /is 91 days old, more than the 90 allowed/,
    ],
    [
      'never-used',
      aKey('AKIAUPLOADS', { createdAt: daysAgo(45), lastUse: null }),
      null,
      /was made 45 days ago and was never used/,
    ],
    [
      'overlap-expired',
      aKey('AKIAUPLOADS'),
      [aManagedKey('uploads', 'AKIAUPLOADS', { role: 'previous', retireAfter: daysAgo(2) })],
      /previous key of lightsail_bucket_access_key.uploads, was due for deletion at 2026-06-28T12:00:00Z/,
    ],
    [
      'rotation-due',
      aKey('AKIAUPLOADS'),
      [aManagedKey('uploads', 'AKIAUPLOADS', { rotationDueAt: daysAgo(3) })],
      /is due for rotation since 2026-06-27T12:00:00Z \(lightsail_bucket_access_key.uploads\)/,
    ],
    [
      'rotation-due',
      aKey('AKIAUPLOADS'),
      [aManagedKey('uploads', 'AKIAUPLOADS', { isUndelivered: true })],
      /lightsail_bucket_access_key.uploads was imported or moved/,
    ],
  ])('%s names the bucket and the key, and gives exit status 2', (check, key, managed, words) => {
    const report = reportOf(key, managed, { maxAgeDays: 90, neverUsedDays: 30 });
    const finding = only(report);
    expect(finding.check).toBe(check);
    expect(finding.message).toMatch(words);
    expect(finding.message).toContain('Key AKIAUPLOADS of bucket uploads');
    expect(exitStatus(report)).toBe(2);
  });

  it('missing names who has the key that is not there', () => {
    const report = reportOf(aKey('AKIAOTHER'), [
      aManagedKey('uploads', 'AKIAOTHER'),
      aManagedKey('uploads', 'AKIAGONE', { address: 'module.a.lightsail_bucket_access_key.uploads' }),
    ]);
    expect(only(report)).toEqual({
      check: 'missing',
      message: expect.stringContaining(
        'Key AKIAGONE of bucket uploads is not there, but module.a.lightsail_bucket_access_key.uploads has it (state.json).',
      ) as string,
    });
    expect(report.buckets[0]?.keys.map(({ accessKeyId, status }) => [accessKeyId, status])).toEqual([
      ['AKIAOTHER', 'Active'],
      ['AKIAGONE', null],
    ]);
  });
});

describe('The limits', () => {
  const limits = { maxAgeDays: 90, neverUsedDays: 30 };

  it('are judged by the time of the answer, not by the clock of this machine', () => {
    const key = aKey('AKIAUPLOADS', { createdAt: new Date('2050-01-01T00:00:00Z') });
    const asOf = new Date('2050-05-01T00:00:00Z');
    const inventory = anInventory(aRegion([aBucket('uploads', [key], { asOf })]));
    expect(found(reportOn(inventory, null, limits))).toEqual(['over-age']);
    expect(reportOn(inventory, null, limits).asOf).toEqual(asOf);
  });

  it.each([
    ['over-age', daysAgo(90), []],
    ['over-age', daysAgo(90, 1), ['over-age']],
  ])('%s: a key of just 90 days is not older than 90 days', (_check, createdAt, expected) => {
    expect(found(reportOf(aKey('AKIAUPLOADS', { createdAt }), null, limits))).toEqual(expected);
  });

  it.each([
    [daysAgo(30), ['never-used']],
    [daysAgo(30, -1), []],
  ])('never-used: 30 days are enough, a millisecond less is not', (createdAt, expected) => {
    expect(found(reportOf(aKey('AKIAUPLOADS', { createdAt, lastUse: null }), null))).toEqual(expected);
  });

  it.each<[string, Partial<ManagedKey>]>([
    ['an overlap', { role: 'previous', retireAfter: NOW }],
    ['a rotation', { rotationDueAt: NOW }],
  ])('%s is over at its very moment, and not before', (_name, changes) => {
    const at = (date: Date) =>
      Object.fromEntries(
        Object.entries(changes).map(([name, value]) => [name, value instanceof Date ? date : value]),
      );
    expect(found(reportOf(aKey('AKIA'), [aManagedKey('uploads', 'AKIA', at(NOW))]))).toHaveLength(1);
    expect(found(reportOf(aKey('AKIA'), [aManagedKey('uploads', 'AKIA', at(daysAgo(0, -1)))]))).toEqual([]);
  });

  it('of age is not looked at unless somebody gave one', () => {
    const old = aKey('AKIAUPLOADS', { createdAt: daysAgo(3000) });
    expect(found(reportOf(old, null))).toEqual([]);
    expect(reportOf(old, null).buckets[0]?.keys[0]?.checks).not.toContain('over-age');
  });
});

describe('A resource without a current key', () => {
  const lost = aManagedKey('uploads', null);
  const previous = aManagedKey('uploads', 'AKIAOLD', { role: 'previous', retireAfter: daysAgo(-1) });

  it('is missing it, by its address and bucket and with what to do, also while its previous key lives', () => {
    for (const managed of [[lost, previous], [lost]]) {
      const report = reportOf(aKey('AKIAOLD'), [...managed, aManagedKey('uploads', 'AKIAOLD')]);
      expect(only(report)).toEqual({
        check: 'missing',
        message: expect.stringMatching(
          /^lightsail_bucket_access_key\.uploads has no current key of bucket uploads, as its own state says \(state\.json\): .+ Run terraform apply there/,
        ) as string,
      });
      expect(exitStatus(report)).toBe(2);
    }
  });

  it('is one finding for each such resource of a bucket, and counts among no keys of the state', () => {
    const other = aManagedKey('uploads', null, { address: 'lightsail_bucket_access_key.other' });
    const report = reportOf(aKey('AKIAOLD'), [lost, other, previous]);
    expect(found(report)).toEqual(['missing', 'missing']);
    expect(report.states).toMatchObject([{ keys: 1 }]);
  });

  it('is missing it on a bucket that is gone, and makes exit status 1 where the bucket may be anywhere', () => {
    const place = { region: 'us-east-1', accountId: ACCOUNT };
    const inventory = anInventory(aRegion([aBucket('other')]));
    const gone = reportOn(inventory, [aState({ ...lost, place })], LIMITS);
    expect(gone.buckets).toMatchObject([{}, { outcome: 'gone', keys: [{ accessKeyId: null }] }]);
    expect(exitStatus(gone)).toBe(2);
    expect(exitStatus(reportOn(inventory, [aState(lost)], LIMITS))).toBe(1);
  });
});

describe('Unmanaged', () => {
  it('is no finding without a state, and one with an empty state', () => {
    expect(found(reportOf(aKey('AKIA'), null))).toEqual([]);
    expect(found(reportOf(aKey('AKIA'), []))).toEqual(['unmanaged']);
  });

  it('is not what any one of several states has', () => {
    const inventory = anInventory(aRegion([aBucket('uploads', [aKey('AKIA1'), aKey('AKIA2')])]));
    const states = [aState(aManagedKey('uploads', 'AKIA1')), aState(aManagedKey('uploads', 'AKIA2'))];
    expect(found(reportOn(inventory, states, LIMITS))).toEqual([]);
  });

  it('is not a previous key during its overlap', () => {
    const previous = aManagedKey('uploads', 'AKIA', { role: 'previous', retireAfter: daysAgo(-1) });
    expect(found(reportOf(aKey('AKIA'), [previous]))).toEqual([]);
  });
});

describe('What could not be read', () => {
  it('makes exit status 1 of everything, and its keys are not called missing', () => {
    const unread = [{ name: 'backups', region: 'us-east-1', reason: 'AccessDenied' }];
    const inventory = anInventory(aRegion([aBucket('uploads', [aKey('AKIA')])], { unread }));
    const report = reportOn(inventory, [aState(aManagedKey('backups', 'AKIAGONE'))], LIMITS);
    expect(found(report)).toEqual(['unmanaged']);
    expect(exitStatus(report)).toBe(1);
    expect(report.notJudged).toEqual([]);
    expect(report.buckets.map(({ bucket, outcome }) => [bucket, outcome])).toEqual([
      ['backups', 'unreadable'],
      ['uploads', 'read'],
    ]);
  });

  it('is also a region whose buckets were not listed to the end', () => {
    const region = aRegion([aBucket('uploads')], { isWhole: false, failure: 'AccessDenied' });
    const report = reportOn(anInventory(region), null, LIMITS);
    expect(report.regions).toEqual([
      { region: 'us-east-1', accounts: [ACCOUNT], buckets: 1, unreadable: 'AccessDenied' },
    ]);
    expect(exitStatus(report)).toBe(1);
  });

  it('is also a bucket that was asked for by name and is in no audited region', () => {
    const inventory = {
      ...anInventory(aRegion([aBucket('uploads')], { isWhole: false })),
      named: ['uploads', 'typo'],
    };
    const report = reportOn(inventory, [aState(aManagedKey('typo', 'AKIA'))], LIMITS);
    expect(report.notFound).toEqual(['typo']);
    expect(findingsOf(report)).toEqual([]);
    expect(exitStatus(report)).toBe(1);
  });
});
