import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bench, KEY } from '../../support/destinations/bench.js';
import type { Store } from '../../support/destinations/store.js';

const CALL = 2000;
const TYPE = 'lightsail_bucket_access_key';

/**
 * A store that takes two seconds a call: a run ends in order, and its mark cannot be confirmed in the time that Terraform
 * gives its provider.
 */
describe('A store so slow that a key stays unconfirmed', () => {
  let bench: Bench;
  let slow = false;
  const stopping: (() => void)[] = [];

  beforeAll(async () => {
    bench = await Bench.open();
    for (const { lane } of bench.stores) {
      stopping.push(
        lane.onCall(async (moment) => {
          if (slow && moment === 'received') await sleep(CALL);
        }),
      );
    }
  });
  afterAll(async () => {
    for (const stop of stopping) stop();
    await bench.close();
  });
  beforeEach(async () => {
    slow = false;
    await bench.begin();
  });

  /** From the delivery on; with `all`, from the first call on. */
  async function applySlowly(store: Store, place: string, { all = false } = {}): Promise<void> {
    slow = all;
    const stop = store.after('promote', place, () => {
      slow = true;
      return Promise.resolve();
    });
    await bench.apply(store.route(place));
    stop();
    slow = false;
  }

  it.each<[string, (bench: Bench) => Store]>([
    ['SSM Parameter Store', ({ parameters }) => parameters],
    ['Vault', ({ vault }) => vault],
    ['Secrets Manager', ({ secretsManager }) => secretsManager],
  ])(
    '%s: another state is refused with the command that imports the key, which ends without a rotation',
    async (_, storeOf) => {
      const store = storeOf(bench);
      const place = await store.newPlace();
      await applySlowly(store, place);
      const { accessKeyId } = bench.onlyKey;
      const pair = await store.consumed(place);

      // The folder with its state is gone, and the stack comes from another one.
      rmSync(join(bench.terraform.folder, 'terraform.tfstate'));
      bench.terraform.env.TF_WORKSPACE = 'elsewhere';
      try {
        for (const command of [['plan'], ['apply', '-auto-approve']]) {
          const { code, said } = await bench.run(...command);
          expect(code).toBe(1);
          expect(said).toContain(`${store.title(place)} already holds key ${accessKeyId} of bucket uploads`);
          expect(said).toContain(`in folder ${bench.terraform.folder} delivered it at 20`);
          expect(said).toContain(`terraform import ADDRESS uploads,${accessKeyId}`);
        }
        expect(await bench.run('import', KEY, `uploads,${accessKeyId}`)).toMatchObject({ code: 0 });
        const plan = await bench.plan('-out=take.tfplan');
        expect(plan).toMatchObject({ code: 2 });
        expect(plan.said).toContain(`already holds the pair of key ${accessKeyId}`);
        expect(await bench.run('apply', 'take.tfplan')).toMatchObject({ code: 0 });
        expect(await bench.plan()).toMatchObject({ code: 0 });
      } finally {
        delete bench.terraform.env.TF_WORKSPACE;
      }
      expect([bench.keyIds, await store.consumed(place)]).toEqual([[accessKeyId], pair]);
    },
  );

  it('two seconds for every call of it: the first stack keeps its key, which no other adopts or deletes', async () => {
    const store = bench.parameters;
    const place = await store.newPlace();
    await applySlowly(store, place, { all: true });
    const { accessKeyId } = bench.onlyKey;
    bench.terraform.env.TF_WORKSPACE = 'rival';
    try {
      expect((await bench.run('apply', '-auto-approve')).code).toBe(1);
      expect((await bench.run('destroy', '-auto-approve')).code).toBe(0);
    } finally {
      delete bench.terraform.env.TF_WORKSPACE;
    }
    expect(bench.keyIds).toEqual([accessKeyId]);
    expect((await bench.plan()).code).toBe(0);
    expect((await bench.run('destroy', '-auto-approve')).code).toBe(0);
    expect(bench.keyIds).toEqual([]);
  });

  /** Nothing but a store that is told of it and Terraform's own folder knows that the run before has ended well. */
  const SECOND = '-state=second.tfstate';

  it('another state of the same folder and workspace is refused, and its destroy leaves the key alone', async () => {
    const store = bench.parameters;
    const place = await store.newPlace();
    await applySlowly(store, place);
    const { accessKeyId } = bench.onlyKey;
    for (const command of [['plan'], ['apply', '-auto-approve']]) {
      const { code, said } = await bench.run(...command, SECOND);
      expect(code).toBe(1);
      expect(said).toContain(`already holds key ${accessKeyId} of bucket uploads`);
    }
    expect(await bench.run('destroy', '-auto-approve', SECOND)).toMatchObject({ code: 0 });
    expect(bench.keyIds).toEqual([accessKeyId]);
    expect(existsSync(taken(accessKeyId))).toBe(true);
    // The refresh of its own state tells the store.
    expect((await bench.plan()).code).toBe(0);
    expect(existsSync(taken(accessKeyId))).toBe(false);
    expect(await bench.run('apply', '-auto-approve', SECOND)).toMatchObject({ code: 1 });
  });

  it('a state of another data folder (TF_DATA_DIR) in the same folder and workspace is refused, and its destroy leaves the key alone', async () => {
    const store = bench.parameters;
    const place = await store.newPlace();
    await applySlowly(store, place);
    const { accessKeyId } = bench.onlyKey;
    const { folder, env } = bench.terraform;
    const notes = dirname(taken(accessKeyId));
    cpSync(join(folder, '.terraform'), join(folder, '.terraform-dev'), {
      recursive: true,
      filter: (from) => from !== notes,
    });
    env.TF_DATA_DIR = '.terraform-dev';
    try {
      const { code, said } = await bench.run('apply', '-auto-approve', SECOND);
      expect(code).toBe(1);
      expect(said).toContain(`already holds key ${accessKeyId} of bucket uploads`);
      expect(await bench.run('destroy', '-auto-approve', SECOND)).toMatchObject({ code: 0 });
    } finally {
      delete env.TF_DATA_DIR;
    }
    expect(bench.keyIds).toEqual([accessKeyId]);
    expect((await bench.plan()).code).toBe(0);
  });

  it('a resource of another name that -target applies alone gets no second hold of the key', async () => {
    const store = bench.parameters;
    const place = await store.newPlace();
    await applySlowly(store, place);
    const { accessKeyId } = bench.onlyKey;
    const main = readFileSync(join(bench.terraform.folder, 'main.tf'), 'utf8');
    await bench.terraform.write('main.tf', main.replace(`${TYPE}" "key"`, `${TYPE}" "renamed"`));
    const { code, said } = await bench.run('apply', '-auto-approve', `-target=${TYPE}.renamed`);
    expect(code).toBe(1);
    expect(said).toContain(`already holds key ${accessKeyId} of bucket uploads`);
    expect((await bench.run('state', 'list')).said).not.toContain('renamed');
    expect(bench.keyIds).toEqual([accessKeyId]);
  });

  const taken = (accessKeyId: string) =>
    join(bench.terraform.folder, '.terraform/lightsail-access-key', accessKeyId);
});
