import { Bench } from '../../support/destinations/bench.js';
import { describeStore } from '../../support/destinations/suite.js';

describeStore('SSM Parameter Store', {
  store: ({ parameters }) => parameters,
  left: [],
  afterStage: 'finished',
  afterAlteration: 'named, and nothing is changed',
});

describe('SSM Parameter Store', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.begin());

  it('says while planning, at the line of `secret`, that a parameter cannot take the pair; nothing is made', async () => {
    const store = bench.parameters;
    const [plain, theirs, advanced] = await Promise.all([
      store.newPlace(),
      store.newPlace(),
      store.newPlace(),
    ]);
    await store.overwrite(plain, undefined, { Type: 'String' });
    await store.overwrite(theirs);
    await store.overwrite(advanced, undefined, { Tier: 'Advanced' });
    const cases = [
      [store.route(plain), `SSM parameter ${plain} is a String, not a SecureString`],
      [store.route(theirs), `${store.title(theirs)} holds something that this provider did not write`],
      [store.route(advanced, 'sdk', '\ntier = "Standard"'), `${advanced} is of the tier Advanced`],
      [store.route('/aws/uploads'), '/aws/uploads'],
    ] as const;
    for (const [route, message] of cases) {
      const { code, said } = await bench.firstPlan(route);
      expect(code).toBe(1);
      expect(said).toContain(message);
      expect(said).toMatch(
        /on main\.tf line \d+, in resource "lightsail_bucket_access_key" "key": \d+: {3}secret \{/,
      );
    }
  });

  it('encrypts under the KMS key and in the tier that the author names', async () => {
    const store = bench.parameters;
    const place = await store.newPlace();
    const kmsKey = await store.newKmsKey();
    await bench.apply(store.route(place, 'ini', `\nkms_key_id = "${kmsKey}"\ntier = "Advanced"`));
    const { accessKeyId, secretAccessKey } = bench.onlyKey;
    const [parameter] = (await store.describe(place)).filter(({ Name }) => Name === place);
    expect(parameter).toMatchObject({ Type: 'SecureString', KeyId: kmsKey, Tier: 'Advanced' });
    expect(await store.consumed(place)).toContain(
      `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    expect((await bench.plan()).code).toBe(0);
  });
});
