import { Example } from '../../../support/example.js';
import type { Pair } from '../../../support/s3-consumer.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test('rotation replaces a key of 90 days, keeps the old one for two days, and retires it when nobody uses it', async () => {
  const example = await Example.open('rotation');
  try {
    const { emulator } = example;
    await example.apply();
    const file = await example.output('secret-reference');
    const pair = () => JSON.parse(example.file(file)) as Pair;
    const old = pair();
    expect(Date.parse(await example.output('rotation-due-at'))).toBeGreaterThan(
      emulator.clock.now().getTime() + 89 * DAY,
    );
    expect(await example.planAgain()).toMatchObject({ code: 0 });

    emulator.age(90 * DAY);
    const due = await example.planAgain();
    expect(due.code).toBe(2);
    expect(due.said).toContain(`Key ${old.accessKeyId} of bucket my-uploads will be replaced by a new one`);
    await example.apply();
    const current = pair();
    expect(example.keyIds()).toEqual([old.accessKeyId, current.accessKeyId]);
    await example.use(old);
    await example.use(current);
    expect(await example.planAgain()).toMatchObject({ code: 0 });

    emulator.age(49 * HOUR);
    await example.apply();
    expect(example.keyIds()).toEqual([current.accessKeyId]);
    await example.use(pair());
    expect(await example.planAgain()).toMatchObject({ code: 0 });
    expect(await example.destroy()).toEqual([]);
    expect(example.keyIds()).toEqual([]);
  } finally {
    await example.close();
  }
});
