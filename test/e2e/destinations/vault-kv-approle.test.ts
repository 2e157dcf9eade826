import { Bench } from '../../support/destinations/bench.js';
import { EVERYTHING } from '../../support/vault/policy.js';

describe('Two keys whose secrets go to Vault, by AppRole', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
    await bench.begin();
  });
  afterAll(() => bench.close());

  it('cost one login for each process of an apply, whose token is given back when it ends', async () => {
    const { vault, terraform } = bench;
    const { operator, mount } = vault.workbench;
    const team = await operator.newNamespace();
    await team.makeMount(mount);
    // The one that plans, and the one that applies.
    const { roleId, secretId } = await team.appRole({ '*': EVERYTHING }, 600, 2);
    delete terraform.env.VAULT_TOKEN;
    Object.assign(terraform.env, {
      VAULT_ROLE_ID: roleId,
      VAULT_SECRET_ID: secretId,
      VAULT_NAMESPACE: team.namespace,
    });
    const [one, other] = [await vault.newPlace(), await vault.newPlace()];
    const from = vault.lane.calls.length;
    const second = `}
resource "lightsail_bucket_access_key" "other" {
  bucket_name = "others"
  secret {
    ${vault.route(other)}
  }`;
    await bench.apply(vault.route(one), second);
    for (const place of [one, other]) {
      expect(await team.request('GET', `${mount}/data/${place}`)).toHaveProperty('data.accessKeyId');
    }
    const calls = vault.lane.calls.slice(from);
    const count = (name: string) => calls.filter((call) => call === `POST auth/${name}`).length;
    expect([count('approle/login'), count('token/revoke-self')]).toEqual([2, 2]);
    // The last word of the process that applied is the end of its token, after the keys were confirmed.
    expect(calls.at(-1)).toBe('POST auth/token/revoke-self');
    expect(await team.request('GET', `${mount}/data/${one}.lightsail-journal`)).toMatchObject({
      data: { entry: { phase: 'confirmed' } },
    });
  });
});
