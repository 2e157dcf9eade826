import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Emulator, type FaultAction } from '../../../src/emulator/index.js';
import { type Pair, useOnS3 } from '../../support/s3-consumer.js';
import { providerHead } from '../../support/stack.js';
import { readManifest } from '../../support/provider-build.js';
import { Terraform } from '../../support/terraform.js';

type Spread = Omit<Extract<FaultAction, { kind: 'key-not-accepted' }>, 'kind'>;

/** How S3 learns of a new key of each bucket, as public reports have it. */
const BUCKETS: Readonly<Record<string, readonly Spread[]>> = {
  'denies-at-first': [{ ms: 10_000, code: 'AccessDenied' }],
  'has-no-bucket-at-first': [{ ms: 5000, code: 'NoSuchBucket' }],
  'every-second-front-end': [{ ms: 10_000, everyFrontEnd: 2 }],
  'every-fourth-front-end': [{ ms: 10_000, everyFrontEnd: 4 }],
  'unknown-then-denied': [
    { ms: 3000 },
    { ms: 10_000, afterMs: 3000, code: 'AccessDenied', everyFrontEnd: 2 },
  ],
};
const names = Object.keys(BUCKETS);

/** For so long after the deletion consumers go on using the new pair. */
const WATCHED = 12_000;

describe('A rotation without an overlap while S3 learns of new keys unevenly', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start({ buckets: names });
    // As with AWS: nobody says that keys spread at once.
    terraform = await Terraform.create({ env: emulator.env });
    delete terraform.env.LIGHTSAIL_S3_SPREAD_MS;
    await declare(1);
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  const declare = (version: number) =>
    terraform.write(
      'main.tf',
      providerHead(readManifest().version) +
        names
          .map(
            (name) => `
resource "lightsail_bucket_access_key" "${name}" {
  bucket_name = "${name}"
  secret {
    file {
      path = "${name}.json"
    }
  }
  rotation {
    overlap_hours = 0
    keepers       = { version = ${version} }
  }
}
`,
          )
          .join(''),
    );

  const delivered = (bucket: string) =>
    JSON.parse(readFileSync(join(terraform.folder, `${bucket}.json`), 'utf8')) as Pair;

  it('no delivered pair is refused once the working key before it is deleted, at least 15 s after the new one was accepted', async () => {
    for (const bucket of names)
      for (const spread of BUCKETS[bucket] ?? [])
        emulator.faults.add({ kind: 'key-not-accepted', bucket, ...spread });
    const before = Object.fromEntries(names.map((bucket) => [bucket, delivered(bucket).accessKeyId]));
    const consumers: Promise<void>[] = [];
    const outcomes: string[] = [];
    const consume = async (bucket: string) => {
      const pair = delivered(bucket);
      expect(pair.accessKeyId).not.toBe(before[bucket]);
      const end = Date.now() + WATCHED;
      while (Date.now() < end) {
        await sleep(250);
        outcomes.push(
          await useOnS3(emulator, bucket, pair).then(
            () => 'accepted',
            (error: unknown) => `${bucket}: ${String(error)}`,
          ),
        );
      }
    };
    emulator.onCall((point, { operation, bucket = '' }) => {
      if (point === 'effect-done' && operation === 'DeleteBucketAccessKey') {
        consumers.push(consume(bucket));
      }
    });
    await declare(2);
    Object.assign(terraform.env, {
      TF_LOG_PROVIDER: 'INFO',
      TF_LOG_PATH: join(terraform.folder, 'trace.log'),
    });
    await terraform.succeeds('apply', '-auto-approve');
    await Promise.all(consumers);
    expect(consumers).toHaveLength(names.length);
    expect(new Set(outcomes)).toEqual(new Set(['accepted']));
    for (const bucket of names) {
      const { accessKeyId } = delivered(bucket);
      expect(emulator.keys(bucket).map(({ accessKeyId: id }) => id)).toEqual([accessKeyId]);
      const trials = emulator.log.filter((call) => call.service === 's3' && call.accessKeyId === accessKeyId);
      const deletion = emulator.log.find(
        (call) => call.accessKeyId === before[bucket] && call.operation === 'DeleteBucketAccessKey',
      );
      const accepted = trials.find(({ status }) => status === 200)?.at.getTime() ?? Infinity;
      expect((deletion?.at.getTime() ?? 0) - accepted).toBeGreaterThanOrEqual(14_900);
    }
    expect(readFileSync(join(terraform.folder, 'trace.log'), 'utf8')).toContain(
      'Waiting until S3 has accepted the new key once more',
    );
  });
});
