import type { UnreadBucket } from '../../../src/command/audit/inventory.js';
import { reportOn } from '../../../src/command/audit/report-on.js';
import type { Report } from '../../../src/command/audit/report.js';
import type { AccessKey } from '../../../src/lifecycle/access-key.js';
import {
  aBucket,
  aKey,
  aManagedKey,
  anInventory,
  aRegion,
  aState,
  daysAgo,
} from '../../unit/command/audit/given.js';

const LIMITS = { maxAgeDays: 180, neverUsedDays: 30 };
const used = (days: number) => ({ date: daysAgo(days), region: 'us-east-1', serviceName: 's3' });

/** An address that would be markup, a script, a line break, or text that runs backwards. */
export const HOSTILE = `module.x["<script>alert(1)</script><img src=x onerror='alert(2)'>&amp;\u202e\u0007\n-->"].lightsail_bucket_access_key.${'long'.repeat(60)}`;

/** Something of all that a page can show. */
export function fullReport(): Report {
  const bucketNames: readonly (readonly [string, readonly AccessKey[]])[] = [
    ['archive-2024', []],
    [
      'backups',
      [
        aKey('AKIAOVERLAP000000OLD', { createdAt: daysAgo(92), lastUse: used(3) }),
        aKey('AKIAOVERLAP000000NEW', { createdAt: daysAgo(5), lastUse: used(0.2) }),
      ],
    ],
    ['exports', [aKey('AKIANEVERUSED0000000', { createdAt: daysAgo(400), lastUse: null })]],
    ['invoices', [aKey('AKIAINORDER000000000', { createdAt: daysAgo(40), lastUse: used(1) })]],
    [
      'media',
      [
        aKey('AKIAEXPIRED000000OLD', { createdAt: daysAgo(130), lastUse: used(60) }),
        aKey('AKIAEXPIRED000000NEW', { createdAt: daysAgo(20), lastUse: used(0.1) }),
      ],
    ],
    ['today', [aKey('AKIATODAY00000000000', { createdAt: daysAgo(0, 60_000), lastUse: null })]],
    [
      'uploads',
      [
        aKey('AKIASTRANGER00000000', { createdAt: daysAgo(210), lastUse: used(150) }),
        aKey('AKIASWITCHEDOFF00000', { createdAt: daysAgo(35), status: 'Inactive', lastUse: null }),
      ],
    ],
  ];
  const buckets = bucketNames.map(([name, keys]) => aBucket(name, keys));
  const unread = [
    {
      name: 'locked',
      region: 'us-east-1',
      reason: 'GetBucketAccessKeys failed with AccessDeniedException: no & <never>.',
    },
  ];
  const ours = (bucket: string) => `lightsail_bucket_access_key.${bucket}`;
  const keys = [
    aManagedKey('backups', 'AKIAOVERLAP000000NEW', { rotationDueAt: daysAgo(-85) }),
    aManagedKey('backups', 'AKIAOVERLAP000000OLD', { role: 'previous', retireAfter: daysAgo(-2) }),
    aManagedKey('exports', 'AKIANEVERUSED0000000', { rotationDueAt: daysAgo(310) }),
    aManagedKey('invoices', 'AKIAINORDER000000000', { rotationDueAt: daysAgo(-50) }),
    aManagedKey('media', 'AKIAEXPIRED000000NEW'),
    aManagedKey('media', 'AKIAEXPIRED000000OLD', { role: 'previous', retireAfter: daysAgo(13) }),
    aManagedKey('today', 'AKIATODAY00000000000', { rotationDueAt: daysAgo(-90) }),
    aManagedKey('uploads', 'AKIASWITCHEDOFF00000', { address: HOSTILE }),
    aManagedKey('uploads', 'AKIAGONE000000000000', { address: `${ours('uploads')}["eu"]` }),
    aManagedKey('exports', null, { address: `${ours('exports')}["eu"]` }),
    aManagedKey('elsewhere', 'AKIAELSEWHERE0000000', { address: HOSTILE }),
  ];
  const failing = aRegion([], { region: 'eu-west-1', isWhole: false, failure: 'GetBuckets failed.' });
  const note = 'Stack test has no state at stacks/test, so it is taken for one that was never deployed.';
  const states = [aState(...keys), { state: 'cdk.tf.json', keys: [], note }];
  return {
    ...reportOn(anInventory(aRegion(buckets, { unread }), failing), states, LIMITS),
    notFound: ['no-such-bucket'],
  };
}

/** Nothing found, and no states given. */
export function cleanReport(): Report {
  return reportOn(anInventory(aRegion([aBucket('uploads', [aKey('AKIAINORDER000000000')])])), null, LIMITS);
}

/** Nothing at all: a region without a bucket. */
export function emptyReport(): Report {
  return reportOn(anInventory(aRegion([], { accounts: new Set() })), [], LIMITS);
}

/** A thousand buckets, of which each fourth has findings, some cannot be read, and some have no key. */
export function largeReport(): Report {
  const numbers = Array.from({ length: 1000 }, (_, n) => n);
  const name = (n: number) => `team-${n % 17}-bucket-with-a-rather-long-name-${String(n).padStart(4, '0')}`;
  const id = (n: number, which: string) => `AKIA${String(n).padStart(14, '0')}${which}`;
  const unread = numbers
    .filter((n) => n % 50 === 7)
    .map((n): UnreadBucket => ({ name: name(n), region: 'us-east-1', reason: 'It was throttled.' }));
  const read = numbers
    .filter((n) => n % 50 !== 7)
    .map((n) => {
      const current = aKey(id(n, 'C0'), { createdAt: daysAgo(3 + (n % 80)), lastUse: used(n % 3) });
      const previous = aKey(id(n, 'P0'), { createdAt: daysAgo(100 + (n % 90)), lastUse: used(2 + (n % 90)) });
      const keys = n % 40 === 3 ? [] : n % 4 === 0 ? [previous, current] : [current];
      return aBucket(name(n), keys);
    });
  const managed = read.flatMap(({ name: bucket, keys }) =>
    keys
      .filter(({ id: keyId }) => keyId.endsWith('C0'))
      .map(({ id: keyId, createdAt }) =>
        aManagedKey(bucket, keyId, {
          rotationDueAt: new Date((createdAt?.getTime() ?? 0) + 90 * 86_400_000),
        }),
      ),
  );
  return reportOn(anInventory(aRegion(read, { unread })), [aState(...managed)], LIMITS);
}
