import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bench, KEY } from '../../support/destinations/bench.js';
import { decryptWith, IDENTITY, RECIPIENT } from '../../support/destinations/identity.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

const FILE = `file {\npath = "key.age"\nage_recipients = ["${RECIPIENT}"]\n}`;
const OUTPUT = `terraform_output { age_recipients = ["${RECIPIENT}"] }`;

describe('A key whose secret is sealed for an age recipient', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.begin());

  const file = () => readFileSync(join(bench.terraform.folder, 'key.age'), 'utf8');
  const sealed = () => String(bench.values.sealed_secret_access_key);

  /** In nothing that Terraform and the provider have written. */
  async function expectUnreadable(secret: string): Promise<void> {
    expect((await bench.plan('-out=same.tfplan')).code).toBe(0);
    const exhibits = exhibitsIn(bench.terraform.folder);
    expect([...exhibits.keys()]).toEqual(
      expect.arrayContaining(['terraform.tfstate', 'same.tfplan!tfstate']),
    );
    expect(removalContexts([secret, IDENTITY], exhibits)).toEqual([]);
  }

  it('lies in a file that only the recipient can open, and goes with it at destroy', async () => {
    await bench.apply(FILE);
    const pair = bench.onlyKey;
    expect(JSON.parse(await decryptWith(IDENTITY, file()))).toMatchObject(pair);
    expect(bench.values).toMatchObject({ secret_reference: 'key.age', sealed_secret_access_key: null });
    await expectUnreadable(pair.secretAccessKey);
    expect((await bench.run('destroy', '-auto-approve')).code).toBe(0);
    expect(bench.keyIds).toEqual([]);
    expect(() => file()).toThrow('ENOENT');
  });

  it('lies in the state as ciphertext only; new recipients mean a new key', async () => {
    await bench.apply(OUTPUT);
    const pair = bench.onlyKey;
    expect(await decryptWith(IDENTITY, sealed())).toBe(pair.secretAccessKey);
    expect(bench.values).toMatchObject({ secret_access_key: null, secret_reference: null });
    await expectUnreadable(pair.secretAccessKey);

    const other = 'age1cy0su9fwf3gf9mw868g5yut09p6nytfmmnktexz2ya5uqg9vl9sss4euqm';
    const { said } = await bench.apply(OUTPUT.replace(']', `, "${other}"]`));
    expect(said).toContain(`Key ${pair.accessKeyId} of bucket uploads will be replaced by a new one`);
    expect(bench.keyIds).not.toContain(pair.accessKeyId);
    expect(await decryptWith(IDENTITY, sealed())).toBe(bench.onlyKey.secretAccessKey);
    const first = bench.onlyKey.accessKeyId;
    expect((await bench.run('apply', '-auto-approve', `-replace=${KEY}`)).code).toBe(0);
    expect(bench.keyIds).not.toContain(first);
    expect(await decryptWith(IDENTITY, sealed())).toBe(bench.onlyKey.secretAccessKey);
  });

  it("is refused while planning where the file is somebody else's or its folder is not there", async () => {
    writeFileSync(join(bench.terraform.folder, 'key.age'), 'theirs');
    const theirs = await bench.firstPlan(FILE);
    expect(theirs).toMatchObject({ code: 1 });
    expect(theirs.said).toContain('file key.age holds something that this provider did not write');
    const nowhere = await bench.firstPlan(FILE.replace('key.age', 'nowhere/key.age'));
    expect(nowhere).toMatchObject({ code: 1 });
    expect(nowhere.said).toContain('does not exist (ENOENT)');
    expect(file()).toBe('theirs');
  });
});
