import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Emulator } from '../../../src/emulator/index.js';
import type { Pair } from '../../support/s3-consumer.js';
import { stack } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const ROTATIONS = 20;
const HOUR = 3_600_000;

/** One request signed with a pair, in the service's own time: another one would be refused for its clock. */
async function request(emulator: Emulator, { accessKeyId, secretAccessKey }: Pair): Promise<void> {
  const client = new S3Client({
    endpoint: emulator.url,
    region: emulator.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey },
    systemClockOffset: emulator.clock.now().getTime() - Date.now(),
  });
  try {
    await client.send(new ListObjectsV2Command({ Bucket: 'uploads', MaxKeys: 1 }));
  } finally {
    client.destroy();
  }
}

describe('A consumer through twenty rotations', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start();
    emulator.createBucket('uploads');
    terraform = await Terraform.create({ env: emulator.env });
    await declare(0);
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  async function declare(version: number): Promise<void> {
    const key = `bucket_name = "uploads"
  secret   = { file = { path = "key.json" } }
  rotation = { keepers = { version = "${version}" } }`;
    await terraform.write('main.tf', stack({ key }));
  }

  const pair = () => JSON.parse(readFileSync(join(terraform.folder, 'key.json'), 'utf8')) as Pair;
  const ids = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);

  it('that reads the destination for each of its requests, one every 50 ms, is never refused', async () => {
    let requests = 0;
    const refused: unknown[] = [];
    const seen = new Set<string>();
    const end = new AbortController();
    // Between two requests: what is signed before a day passes may not arrive after it.
    const between: (() => void)[] = [];
    const pass = (milliseconds: number) =>
      new Promise<void>((resolve) => {
        between.push(() => {
          emulator.clock.advance(milliseconds);
          resolve();
        });
      });
    const consumer = (async () => {
      while (!end.signal.aborted) {
        const found = pair();
        seen.add(found.accessKeyId);
        requests += 1;
        await request(emulator, found).catch((error: unknown) => refused.push(error));
        for (const act of between.splice(0)) act();
        await sleep(50);
      }
    })();
    try {
      for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
        const cached = pair();
        await declare(rotation);
        await terraform.succeeds('apply', '-auto-approve');
        // Whoever has read the pair before the rotation goes on with it for the whole overlap.
        await request(emulator, cached);
        expect(ids()).toEqual([cached.accessKeyId, pair().accessKeyId]);
        await pass(25 * HOUR);
      }
    } finally {
      end.abort();
      await consumer;
    }
    process.stdout.write(
      `\n${ROTATIONS} rotations, ${seen.size} keys, ${requests} requests, ${refused.length} refused\n`,
    );
    expect(refused).toEqual([]);
    expect(seen.size).toBe(ROTATIONS + 1);
    expect(requests).toBeGreaterThan(ROTATIONS * 2);
  });
});
