import { Bench } from '../../support/destinations/bench.js';
import { describeStore } from '../../support/destinations/suite.js';

describeStore('Vault', {
  store: ({ vault }) => vault,
  left: [],
  afterStage: 'finished',
  afterAlteration: 'named, and nothing is changed',
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
    const old = await store.workbench.operator.newMount('1');
    const cases: [route: string, message: string][] = [
      [store.route(theirs), `${store.title(theirs)} holds something that this provider did not write`],
      [`vault_kv {\nmount = "${old}"\npath = "uploads"\n}`, old],
      ['vault_kv {\nmount = "none"\npath = "uploads"\n}', 'none'],
    ];
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
    const team = await bench.vault.workbench.operator.newNamespace();
    await team.makeMount('secret');
    const policy = {
      'secret/data/app/uploads': ['create', 'update'],
      'secret/metadata/app/uploads': ['create', 'read', 'update', 'delete'],
      'secret/data/app/uploads.lightsail-journal': ['create', 'read', 'update'],
      'secret/metadata/app/uploads.lightsail-journal': ['delete'],
      'secret/data/app/uploads.lightsail-pending': ['create', 'read', 'update'],
      'secret/metadata/app/uploads.lightsail-pending': ['delete'],
    };
    const { token, limitTo } = await team.limited({ ...policy, 'secret/data/app/uploads': ['create'] });
    const clean = { ...bench.terraform.env };
    bench.terraform.env.VAULT_TOKEN = token;
    try {
      const route = `vault_kv {\nmount = "secret"\npath = "app/uploads"\nnamespace = "${team.namespace}"\n}`;
      const lacking = await bench.firstPlan(route);
      expect(lacking.code).toBe(1);
      expect(lacking.said).toContain('The token of this run lacks update on secret/data/app/uploads.');
      await limitTo(policy);
      await bench.apply(route);
      const live = 'secret/data/app/uploads';
      expect(await team.request('GET', live)).toMatchObject({ data: bench.onlyKey });
      expect((await bench.plan()).code).toBe(0);
      expect(await bench.run('destroy', '-auto-approve')).toMatchObject({
        code: 0,
        said: expect.not.stringContaining('Warning') as string,
      });
      expect(await team.request('GET', live)).toBeNull();
    } finally {
      Object.assign(bench.terraform.env, clean);
    }
  });
});
