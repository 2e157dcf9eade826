import { reportOn } from '../../../../src/command/audit/report-on.js';
import { table } from '../../../../src/command/audit/render/table.js';
import { exitStatus, findingsOf, type Report } from '../../../../src/command/audit/report.js';
import type { Inventory } from '../../../../src/command/audit/inventory.js';
import type { Place } from '../../../../src/command/audit/state/managed-keys.js';
import { aBucket, ACCOUNT, aKey, aManagedKey, anInventory, aRegion, aState, LIMITS, NOW } from './given.js';

/** What an audit of a region with the bucket `uploads` makes of a key of another bucket that a state names. */
function reportOn404(
  place: Place,
  inventory: Inventory = anInventory(aRegion([aBucket('uploads')])),
): Report {
  return reportOn(inventory, [aState(aManagedKey('elsewhere', 'AKIAELSEWHERE', { place }))], LIMITS);
}

describe('A key of a state whose bucket no audited region has', () => {
  it('is missing when the bucket’s own ARN places it in an audited region and account', () => {
    const report = reportOn404({ region: 'us-east-1', accountId: ACCOUNT });
    expect(findingsOf(report).map(({ check }) => check)).toEqual(['missing']);
    expect(report.buckets[0]).toMatchObject({ bucket: 'elsewhere', region: 'us-east-1', outcome: 'gone' });
    expect(report.notJudged).toEqual([]);
  });

  it.each<[string, Place, RegExp, 0 | 1]>([
    [
      'says nothing, which may be either',
      { region: null, accountId: null },
      /does not tell in which region.+--bucket elsewhere/,
      1,
    ],
    [
      'places it in another region',
      { region: 'eu-west-1', accountId: ACCOUNT },
      /is in eu-west-1, which was not/,
      0,
    ],
    [
      'places it in another account',
      { region: 'us-east-1', accountId: '999999999999' },
      /account 999999999999/,
      0,
    ],
    [
      'tells the region alone, which may be either',
      { region: 'us-east-1', accountId: null },
      /does not prove.+--bucket elsewhere/,
      1,
    ],
  ])('is not judged, and no finding, when the state %s', (_name, place, words, status) => {
    const report = reportOn404(place);
    expect(findingsOf(report)).toEqual([]);
    expect(exitStatus(report)).toBe(status);
    expect(report.notJudged).toEqual([
      {
        bucket: 'elsewhere',
        accessKeyId: 'AKIAELSEWHERE',
        address: 'lightsail_bucket_access_key.elsewhere',
        state: 'state.json',
        reason: expect.stringMatching(words) as string,
        couldBeHere: status === 1,
      },
    ]);
  });

  it('is not judged when the region has no bucket at all, since that does not tell whose account it is', () => {
    const empty = anInventory(aRegion([], { accounts: new Set() }));
    const report = reportOn404({ region: 'us-east-1', accountId: ACCOUNT }, empty);
    expect(findingsOf(report)).toEqual([]);
    expect(exitStatus(report)).toBe(1);
    expect(report.notJudged[0]?.reason).toMatch(/does not prove/);
  });

  it('is not missing while its region is not known as a whole', () => {
    const half = anInventory(aRegion([aBucket('uploads')], { isWhole: false, failure: 'AccessDenied' }));
    const report = reportOn404({ region: 'us-east-1', accountId: ACCOUNT }, half);
    expect(findingsOf(report)).toEqual([]);
    expect(exitStatus(report)).toBe(1);
  });

  it('is not judged when --bucket names others', () => {
    const some = { ...anInventory(aRegion([aBucket('uploads')], { isWhole: false })), named: ['uploads'] };
    const report = reportOn404({ region: 'us-east-1', accountId: ACCOUNT }, some);
    expect(findingsOf(report)).toEqual([]);
    expect(exitStatus(report)).toBe(0);
    expect(report.notJudged[0]?.reason).toMatch(/not among those that --bucket names/);
  });
});

describe('A key of a state whose bucket was found', () => {
  const inventory = anInventory(aRegion([aBucket('uploads', [aKey('AKIATHERE')])]));
  const judged = (place: Place) =>
    reportOn(
      inventory,
      [aState(aManagedKey('uploads', 'AKIATHERE'), aManagedKey('uploads', 'AKIAGONE', { place }))],
      LIMITS,
    );

  it.each<[string, Place]>([
    ['says nothing of where it is', { region: null, accountId: null }],
    ['places it there', { region: 'us-east-1', accountId: ACCOUNT }],
  ])('is missing when it is not in the list and the state %s: names are unique', (_name, place) => {
    expect(findingsOf(judged(place)).map(({ check }) => check)).toEqual(['missing']);
  });

  it.each<[string, Place]>([
    ['another region, such as one of another partition', { region: 'cn-north-1', accountId: null }],
    ['another account', { region: 'us-east-1', accountId: '999999999999' }],
  ])('is not judged when the state places the bucket in %s', (_name, place) => {
    expect(findingsOf(judged(place))).toEqual([]);
    expect(judged(place).notJudged).toHaveLength(1);
  });
});

describe('A key of a state that the list of its bucket does not show', () => {
  const reported = (createdAt: Date | null) =>
    reportOn(
      anInventory(aRegion([aBucket('uploads')])),
      [aState(aManagedKey('uploads', 'AKIANEW', { createdAt }))],
      LIMITS,
    );
  const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

  it('may not be listed yet, for five minutes', () => {
    const report = reported(minutesAgo(4));
    expect(findingsOf(report)).toEqual([]);
    expect(exitStatus(report)).toBe(1);
    expect(report.notJudged).toMatchObject([
      { accessKeyId: 'AKIANEW', couldBeHere: true, reason: expect.stringContaining('younger') as string },
    ]);
    expect(table(report)).toContain(': no finding in what could be read');
  });

  it('is missing where its resource has lost it', () => {
    const lost = aManagedKey('uploads', null, { createdAt: minutesAgo(1) });
    const report = reportOn(anInventory(aRegion([aBucket('uploads')])), [aState(lost)], LIMITS);
    expect(findingsOf(report).map(({ check }) => check)).toEqual(['missing']);
    expect(exitStatus(report)).toBe(2);
  });

  it.each([[minutesAgo(5)], [null]])('is missing after that, and without a time: %s', (createdAt) => {
    expect(findingsOf(reported(createdAt)).map(({ check }) => check)).toEqual(['missing']);
  });
});
