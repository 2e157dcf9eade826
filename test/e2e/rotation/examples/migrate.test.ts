import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUCKET, Example } from '../../../support/example.js';
import { startMoto } from '../../../support/moto.js';
import type { Pair } from '../../../support/s3-consumer.js';
import { exhibitsIn, removalContexts } from '../../canary/scan.js';

const DAY = 24 * 3_600_000;

test('migrate takes a key over from hashicorp/aws 5.100.0, and ends without its secret in the state', async () => {
  const moto = await startMoto();
  const ends: (() => void | Promise<void>)[] = [() => moto.stop()];
  try {
    // The AWS provider asks STS who it is.
    const env = { AWS_ENDPOINT_URL: moto.url };
    const example = await Example.open('migrate', { env, awsProvider: true, buckets: [], program: 'before' });
    ends.push(() => example.close());
    await example.apply();
    const old = {
      accessKeyId: await example.output('access-key-id'),
      secretAccessKey: await example.output('secret-access-key'),
    };
    const state = () => readFileSync(join(example.folder, 'terraform.migrate.tfstate'), 'utf8');
    expect(state()).toContain(old.secretAccessKey);

    await example.synthesizeAgain('main');
    await example.terraform.succeeds('init');
    const { code, said } = await example.planAgain();
    expect(code).toBe(2);
    expect(said).toContain('0 to add, 1 to change, 0 to destroy');
    expect(said).toContain(`Key ${old.accessKeyId} of bucket ${BUCKET} will be replaced by a new one`);
    expect(said).toContain(`Key ${old.accessKeyId} stays valid for 24 h more`);

    await example.apply();
    const pair = JSON.parse(example.file(await example.output('secret-reference'))) as Pair;
    expect(await example.output('previous-access-key-id')).toBe(old.accessKeyId);
    expect(example.keyIds()).toEqual([old.accessKeyId, pair.accessKeyId]);
    await example.use(pair);
    await example.use(old);
    expect(await example.planAgain()).toMatchObject({ code: 0 });
    expect(
      removalContexts([old.secretAccessKey, pair.secretAccessKey], new Map([['', Buffer.from(state())]])),
    ).toEqual([]);
    // As the guide says: what Terraform wrote before still holds the old secret, which is why its key goes.
    const backups = readdirSync(example.folder).filter((name) => name.includes('.tfstate.'));
    expect(backups).toEqual(['terraform.migrate.tfstate.backup']);
    expect(removalContexts([old.secretAccessKey], exhibitsIn(example.folder))).toEqual(backups);

    // The old key was used above: it stays until its users have been quiet for the overlap.
    example.emulator.age(2 * DAY);
    await example.apply();
    expect(example.keyIds()).toEqual([pair.accessKeyId]);
    await expect(example.use(old)).rejects.toThrow();
    expect(removalContexts([old.secretAccessKey], exhibitsIn(example.folder))).toEqual([]);
    await example.use(pair);
    expect(await example.planAgain()).toMatchObject({ code: 0 });
    expect(await example.destroy()).toEqual([]);
  } finally {
    for (const end of ends.reverse()) await end();
  }
});
