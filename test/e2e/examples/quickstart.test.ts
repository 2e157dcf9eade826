import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Example } from '../../support/example.js';
import type { Pair } from '../../support/s3-consumer.js';

test('quickstart puts a pair that S3 accepts into a file, and takes both away again', async () => {
  const example = await Example.open('quickstart');
  try {
    await example.apply();
    const file = await example.output('secret-reference');
    const pair = JSON.parse(example.file(file)) as Pair;
    expect(example.keyIds()).toEqual([pair.accessKeyId]);
    await example.use(pair);
    expect(await example.planAgain()).toMatchObject({ code: 0 });
    expect(await example.destroy()).toEqual([]);
    expect(example.keyIds()).toEqual([]);
    expect(existsSync(join(example.terraform.folder, file))).toBe(false);
  } finally {
    await example.close();
  }
});
