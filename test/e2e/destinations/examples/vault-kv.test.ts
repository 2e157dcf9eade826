import { Example } from '../../../support/example.js';
import type { Pair } from '../../../support/s3-consumer.js';
import { VaultWorkbench } from '../../../support/vault/workbench.js';
import { exhibitsIn, removalContexts } from '../../canary/scan.js';

test('vault-kv puts a pair that S3 accepts under its path, and takes it away with its siblings', async () => {
  const vault = new VaultWorkbench();
  const { url } = await vault.lane();
  const ends = [() => vault.close()];
  try {
    const env = { VAULT_ADDR: url, VAULT_TOKEN: vault.token, VAULT_MOUNT: vault.mount };
    const example = await Example.open('vault-kv', { env });
    ends.push(() => example.close());
    await example.apply();
    const reference = await example.output('path');
    expect(reference).toBe(`${vault.mount}/ci/uploads`);
    const pair = (await vault.consumed('ci/uploads')) as unknown as Pair;
    expect(example.keyIds()).toEqual([pair.accessKeyId]);
    expect(await example.output('access-key-id')).toBe(pair.accessKeyId);
    await example.use(pair);
    expect(removalContexts([pair.secretAccessKey, vault.token], exhibitsIn(example.folder))).toEqual([]);
    expect(await example.planAgain()).toMatchObject({ code: 0 });
    expect(await example.destroy()).toEqual([]);
    expect(example.keyIds()).toEqual([]);
    expect((await vault.names('ci/')).filter((name) => name.startsWith('uploads'))).toEqual([]);
  } finally {
    for (const end of ends.reverse()) await end();
  }
});
