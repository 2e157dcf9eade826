import { setTimeout as sleep } from 'node:timers/promises';
import { KeyStack } from '../../support/key-stack.js';
import { useOnS3 } from '../../support/s3-consumer.js';

const ROTATIONS = 20;
const HOUR = 3_600_000;

describe('A consumer through twenty rotations', () => {
  let its: KeyStack;

  beforeAll(async () => {
    its = await KeyStack.start();
    await declare(0);
    await its.terraform.succeeds('init');
    await its.apply();
  });
  afterAll(() => its.end());

  const declare = (version: number) =>
    its.declare(
      `secret {\n    file { path = "key.json" }\n  }\n  rotation { keepers = { version = "${version}" } }`,
    );

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
          its.emulator.age(milliseconds);
          resolve();
        });
      });
    const consumer = (async () => {
      while (!end.signal.aborted) {
        const found = its.delivered();
        seen.add(found.accessKeyId);
        requests += 1;
        await useOnS3(its.emulator, 'uploads', found).catch((error: unknown) => refused.push(error));
        for (const act of between.splice(0)) act();
        await sleep(50);
      }
    })();
    try {
      for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
        const cached = its.delivered();
        await declare(rotation);
        await its.apply();
        // Whoever has read the pair before the rotation goes on with it for the whole overlap.
        await useOnS3(its.emulator, 'uploads', cached);
        expect(its.ids()).toEqual([cached.accessKeyId, its.delivered().accessKeyId]);
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
