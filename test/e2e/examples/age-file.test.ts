import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decryptWith, IDENTITY, RECIPIENT } from '../../support/destinations/identity.js';
import { Example } from '../../support/example.js';
import type { Pair } from '../../support/s3-consumer.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

test('age-file seals one pair in a file and one secret in an output, for the holder of the identity alone', async () => {
  const example = await Example.open('age-file', { env: { RECIPIENT } });
  try {
    await example.apply();
    const file = await example.output('file');
    const filed = JSON.parse(await decryptWith(IDENTITY, example.file(file))) as Pair;
    const shown = {
      accessKeyId: await example.output('access-key-id'),
      secretAccessKey: await decryptWith(IDENTITY, await example.output('sealed-secret')),
    };
    expect([...example.keyIds()].sort()).toEqual([filed.accessKeyId, shown.accessKeyId].sort());
    await example.use(filed);
    await example.use(shown);
    const secrets = [filed.secretAccessKey, shown.secretAccessKey];
    expect(removalContexts(secrets, exhibitsIn(example.folder))).toEqual([]);
    expect(await example.planAgain()).toMatchObject({ code: 0 });
    expect(await example.destroy()).toEqual([]);
    expect(example.keyIds()).toEqual([]);
    expect(existsSync(join(example.terraform.folder, file))).toBe(false);
  } finally {
    await example.close();
  }
});

test('age-file seals for nobody when no recipient is named', async () => {
  await expect(Example.open('age-file')).rejects.toThrow('RECIPIENT is not set');
});
