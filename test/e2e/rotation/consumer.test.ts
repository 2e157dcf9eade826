import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Emulator } from '../../../src/emulator/index.js';
import { useOnS3 } from '../../support/s3-consumer.js';
import type { Pair } from '../../support/s3-consumer.js';
import { stack } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const ROTATIONS = 20;
const HOUR = 3_600_000;

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
        await useOnS3(emulator, 'uploads', found).catch((error: unknown) => refused.push(error));
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
        await useOnS3(emulator, 'uploads', cached);
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
