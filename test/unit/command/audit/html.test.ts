import { createHash } from 'node:crypto';
import { html as tagged } from '../../../../src/command/audit/render/html/markup.js';
import { axisOf, marksOf } from '../../../../src/command/audit/render/html/timeline.js';
import { htmlPage } from '../../../../src/command/audit/render/html.js';
import { reportOn } from '../../../../src/command/audit/report-on.js';
import type { ManagedKey } from '../../../../src/command/audit/state/managed-keys.js';
import type { BucketReport } from '../../../../src/command/audit/report.js';
import type { AccessKey } from '../../../../src/lifecycle/access-key.js';
import { cleanReport, emptyReport, fullReport, largeReport } from '../../../support/audit-page/reports.js';
import { aBucket, aKey, aManagedKey, anInventory, aRegion, aState, daysAgo, LIMITS } from './given.js';

const page = htmlPage(fullReport());

describe('The HTML page', () => {
  it('holds nothing of a state as markup, and no character that is not seen', () => {
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('\\u202e\\u0007\\u000a');
    expect(page).not.toMatch(/<(script|img|iframe|object|link)\b/);
    // eslint-disable-next-line no-control-regex
    expect(page).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    expect(page).not.toMatch(/ on\w+=["']/);
  });

  it('says below its verdict and by each key that management was not judged where no state was given', () => {
    expect(htmlPage(cleanReport())).toMatch(
      /Nothing found<\/p>\s*<p class="about">Whether the keys are managed was not judged/,
    );
    expect(htmlPage(cleanReport())).toContain('not judged: no state was given');
    expect(page).not.toContain('Whether the keys are managed was not judged');
  });

  it('lets the browser load nothing and run nothing but its own style, by the hash of it', () => {
    const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src &apos;none&apos;; style-src &apos;sha256-${digest}&apos;; base-uri`,
    );
    expect(page).not.toMatch(/\bstyle="|https?:|url\((?!#hatch\))/);
  });

  it('has each open element closed, and each ID and link once and to something', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    for (const name of ['section', 'ul', 'li', 'div', 'dl', 'details', 'svg', 'table', 'tr', 'p', 'code']) {
      const count = (pattern: string) => page.match(new RegExp(pattern, 'g'))?.length ?? 0;
      expect([name, count(`<${name}[ >]`)]).toEqual([name, count(`</${name}\\s*>`)]);
    }
  });

  it.each([
    ['Nothing found', cleanReport],
    ['Nothing found', emptyReport],
    ['Incomplete; 10 findings so far', fullReport],
  ])('says %s', (words, report) => {
    expect(htmlPage(report())).toContain(`>${words}</p>`);
  });

  it('says every finding in the words of the report, with the command to delete the key set apart', () => {
    expect(page).toContain('Key AKIAGONE000000000000 of bucket uploads is not there, but');
    expect(page).toContain(
      '<code>aws lightsail delete-bucket-access-key --region us-east-1 --bucket-name uploads --access-key-id AKIASTRANGER00000000</code>',
    );
  });

  it('names a resource without a current key', () => {
    expect(page).toContain(
      'lightsail_bucket_access_key.exports[&quot;eu&quot;] has no current key of bucket exports',
    );
    expect(page).toMatch(/<code>current key<\/code\s*> <span class="state">not there<\/span>/);
  });

  it('tells a check that was not made from one that found nothing', () => {
    const row = /<th scope="row">unmanaged[^]*?<\/tr>/.exec(htmlPage(cleanReport()))?.[0] ?? '';
    expect(row).toContain('not checked');
  });

  it('of a thousand buckets is under two megabytes', () => {
    expect(htmlPage(largeReport()).length).toBeLessThan(2_000_000);
  });
});

test('a value is escaped by the tag, markup stays, and nothing is nothing', () => {
  const inner = tagged`<b>${'<i>'}</b>`;
  expect(tagged`<p title="${'"\n'}">${[inner, null, 1]}</p>`.html).toBe(
    '<p title="&quot;\\u000a"><b>&lt;i&gt;</b>1</p>',
  );
});

describe('A timeline', () => {
  const bucketOf = (keys: readonly AccessKey[], ...managed: readonly ManagedKey[]): BucketReport => {
    const report = reportOn(anInventory(aRegion([aBucket('uploads', keys)])), [aState(...managed)], LIMITS);
    const [bucket] = report.buckets;
    if (!bucket) throw new Error('There is no bucket.');
    return bucket;
  };
  const marks = (bucket: BucketReport, index = 0) => {
    const axis = axisOf(bucket);
    const key = bucket.keys[index];
    return axis && key
      ? marksOf(key, bucket, axis).map((mark) =>
          'at' in mark
            ? `${mark.kind} ${mark.at.toFixed(0)}`
            : `${mark.kind} ${mark.from.toFixed(0)}-${mark.to.toFixed(0)}`,
        )
      : [];
  };

  it('spans from the oldest key to the latest date, the time of the audit included', () => {
    const bucket = bucketOf([aKey('AKIA', { createdAt: daysAgo(100), lastUse: null })]);
    expect(marks(bucket)).toEqual(['life 2-98']);
  });

  it('shows a due date ahead, the way to it, and the last use', () => {
    const key = aKey('AKIA', {
      createdAt: daysAgo(50),
      lastUse: { date: daysAgo(25), region: 'us-east-1', serviceName: 's3' },
    });
    const bucket = bucketOf([key], aManagedKey('uploads', 'AKIA', { rotationDueAt: daysAgo(-50) }));
    expect(marks(bucket)).toEqual(['life 2-50', 'ahead 50-98', 'due 98', 'used 26']);
  });

  it('shows how long a key is overdue', () => {
    const key = aKey('AKIA', { createdAt: daysAgo(100), lastUse: null });
    const bucket = bucketOf([key], aManagedKey('uploads', 'AKIA', { rotationDueAt: daysAgo(50) }));
    expect(marks(bucket)).toEqual(['life 2-98', 'late 50-98', 'due 50']);
  });

  it("shows an overlap from the successor's creation to its end", () => {
    const keys = [
      aKey('OLD', { createdAt: daysAgo(100), lastUse: null }),
      aKey('NEW', { createdAt: daysAgo(75), lastUse: null }),
    ];
    const bucket = bucketOf(
      keys,
      aManagedKey('uploads', 'OLD', { role: 'previous', retireAfter: daysAgo(50) }),
      aManagedKey('uploads', 'NEW'),
    );
    expect(marks(bucket)).toEqual(['life 2-98', 'overlap 26-50', 'late 50-98', 'due 50']);
    expect(marks(bucket, 1)).toEqual(['life 26-98']);
  });

  it('draws nothing of a key that is not there, and no axis without any', () => {
    const bucket = bucketOf([], aManagedKey('uploads', 'GONE'));
    expect(bucket.keys).toHaveLength(1);
    expect(axisOf(bucket)).toBeNull();
  });

  it.each([
    [0.1, ['1 Jul 2026']],
    [3, ['28 Jun 2026', '29 Jun']],
    [40, ['22 May 2026', '29 May', '5 Jun', '12 Jun', '19 Jun']],
    [120, ['Apr 2026', 'May', 'Jun']],
    [400, ['Jul 2025', 'Oct', 'Jan 2026', 'Apr']],
    [3000, ['2020', '2022', '2024']],
  ])('of %d days has few ticks, where people would set them', (days, labels) => {
    const axis = axisOf(bucketOf([aKey('AKIA', { createdAt: daysAgo(days), lastUse: null })]));
    expect(axis?.ticks.map(({ label }) => label)).toEqual(labels);
    for (const { at } of axis?.ticks ?? []) expect(at).toBeLessThan(82);
  });
});
