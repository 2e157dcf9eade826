import { Bench } from '../../support/destinations/bench.js';
import { describeStore } from '../../support/destinations/suite.js';

describeStore('Secrets Manager', {
  store: ({ secretsManager }) => secretsManager,
  left: [
    'AWSCURRENT lightsail-empty-00*',
    'LIGHTSAIL_EMPTY lightsail-empty-00*',
    'LIGHTSAIL_JOURNAL lightsail-journal-*',
  ],
  afterStage: 'deleted',
  afterAlteration: 'replaced',
});

describe('Secrets Manager', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.begin());

  it('says while planning, at the line of `secret`, that a secret cannot take the pair; nothing is made', async () => {
    const store = bench.secretsManager;
    const doomed = await store.newPlace();
    await store.scheduleDeletion(doomed);
    const elsewhere = 'arn:aws:secretsmanager:eu-west-3:123456789012:secret:uploads-AbCdEf';
    const missing = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:missing-AbCdEf';
    const cases = [
      [missing, `There is no secret ${missing} in us-east-1.`],
      // By its name: the least policy is for the ARN that it would have, so AWS denies it.
      ['missing', 'There is most likely no secret missing in us-east-1: AWS refuses'],
      [doomed, 'is scheduled for deletion'],
      [elsewhere, `Secret ${elsewhere} is in eu-west-3, and this provider works in us-east-1.`],
    ] as const;
    for (const [place, message] of cases) {
      const { code, said } = await bench.firstPlan(store.route(place));
      expect(code).toBe(1);
      expect(said).toContain(message);
      expect(said).toMatch(
        /on main\.tf line \d+, in resource "lightsail_bucket_access_key" "key": \d+: {3}secret \{/,
      );
    }
  });

  it('finds the pair by the version in the reference, and leaves an earlier value of somebody else to them', async () => {
    const store = bench.secretsManager;
    const place = await store.newPlace('theirs');
    const { AWSCURRENT: theirs = '' } = await store.labels(place);
    const { said } = await bench.apply(store.route(place, 'credential_process'));
    expect(said).toContain(`${store.title(place)} holds a value that this provider did not write`);
    const [VersionId = ''] = String(bench.values.secret_reference).split(':').slice(-1);
    const { accessKeyId, secretAccessKey } = bench.onlyKey;
    expect(JSON.parse((await store.consumed(place, { VersionId })) ?? '')).toEqual({
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
    });
    expect(await store.consumed(place, { VersionId: theirs })).toBe('theirs');
    // Nobody ever read anything in between as the current value.
    expect(store.proxy.everCurrent(place)).toEqual(['theirs', await store.consumed(place)]);
  });
});
