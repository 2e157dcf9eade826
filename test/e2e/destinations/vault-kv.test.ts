import { Bench } from '../../support/destinations/bench.js';
import { describeStore } from '../../support/destinations/suite.js';
import { KvSecrets } from '../../support/vault/kv-secrets.js';

describeStore('Vault', {
  store: ({ vault }) => vault,
  left: [],
  afterStage: 'finished',
});

describe('Vault', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.begin());

  it('says while planning, at the line of `secret`, that a path cannot take the pair; nothing is made', async () => {
    const store = bench.vault;
    const theirs = await store.newPlace();
    await store.overwrite(theirs);
    const cases: [route: string, message: string][] = [
      [store.route(theirs), `${store.title(theirs)} holds something that was not put there by this provider`],
    ];
    if (!store.workbench.isReal) {
      store.workbench.standIn.mounts.set('old', 'kv1');
      cases.push([`vault_kv {\nmount = "old"\npath = "uploads"\n}`, 'old']);
      cases.push([`vault_kv {\nmount = "none"\npath = "uploads"\n}`, 'none']);
    }
    for (const [route, message] of cases) {
      const { code, said } = await bench.firstPlan(route);
      expect(code).toBe(1);
      expect(said).toContain(message);
      expect(said).toMatch(
        /on main\.tf line \d+, in resource "lightsail_bucket_access_key" "key": \d+: {3}secret \{/,
      );
    }
  });

  it('delivers into a namespace with the least policy, under which no pair can be read, and names what is missing', async () => {
    const { workbench } = bench.vault;
    if (workbench.isReal) return;
    const { standIn } = workbench;
    const team = new KvSecrets();
    standIn.mounts.set('team/secret', team);
    const policy = {
      'secret/data/app/uploads': ['create', 'update'],
      'secret/metadata/app/uploads': ['create', 'read', 'update', 'delete'],
      'secret/data/app/uploads.lightsail-journal': ['create', 'read', 'update'],
      'secret/metadata/app/uploads.lightsail-journal': ['delete'],
      'secret/data/app/uploads.lightsail-pending': ['create', 'read', 'update'],
      'secret/metadata/app/uploads.lightsail-pending': ['delete'],
      'sys/*': ['read', 'update'],
    };
    standIn.policies.set('operator-token', policy);
    const clean = { ...bench.terraform.env };
    bench.terraform.env.VAULT_TOKEN = 'operator-token';
    try {
      const route = 'vault_kv {\nmount = "secret"\npath = "app/uploads"\nnamespace = "team"\n}';
      standIn.policies.set('operator-token', { ...policy, 'secret/data/app/uploads': ['create'] });
      const lacking = await bench.firstPlan(route);
      expect(lacking.code).toBe(1);
      expect(lacking.said).toContain('The token of this run lacks update on secret/data/app/uploads.');
      standIn.policies.set('operator-token', policy);
      await bench.apply(route);
      const [, latest] = team.answer('GET', 'data', 'app/uploads', {});
      expect(latest).toMatchObject({ data: { data: bench.onlyKey } });
      expect((await bench.plan()).code).toBe(0);
      expect(await bench.run('destroy', '-auto-approve')).toMatchObject({
        code: 0,
        said: expect.not.stringContaining('Warning') as string,
      });
      expect(team.answer('GET', 'data', 'app/uploads', {})[0]).toBe(404);
    } finally {
      Object.assign(bench.terraform.env, clean);
    }
  });
});
