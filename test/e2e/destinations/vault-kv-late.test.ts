import { Bench } from '../../support/destinations/bench.js';

/** What a cluster answers where a load balancer leads reads to a standby. */
describe('A key whose secret goes to a Vault that answers reads two seconds late', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
    await bench.begin();
  });
  afterAll(() => bench.close());

  it('is made, rotated, retired and destroyed without an error, and without a second key', async () => {
    const { vault, emulator } = bench;
    const place = await vault.newPlace();
    vault.workbench.late.milliseconds = 2000;
    const creations = () =>
      emulator.log.filter(({ operation }) => operation === 'CreateBucketAccessKey').length;
    const rotation = (keeper: string, overlap = 0) =>
      `rotation {\n overlap_hours = ${overlap}\n keepers = { on = "${keeper}" }\n}\nverify = false`;

    await bench.apply(vault.route(place), rotation('one'));
    const first = bench.onlyKey;
    await bench.apply(vault.route(place), rotation('two'));
    const second = bench.onlyKey;
    expect(second.accessKeyId).not.toBe(first.accessKeyId);
    expect(JSON.parse((await vault.consumed(place)) ?? 'null')).toMatchObject(second);
    expect(creations()).toBe(2);

    await bench.apply(vault.route(place), rotation('three', 5));
    expect(bench.keyIds).toHaveLength(2);
    emulator.age(26 * 3_600_000);
    await bench.apply(vault.route(place), rotation('three', 5));
    const third = bench.onlyKey;
    expect(third.accessKeyId).not.toBe(second.accessKeyId);
    expect(JSON.parse((await vault.consumed(place)) ?? 'null')).toMatchObject(third);
    expect(creations()).toBe(3);

    expect(await bench.run('destroy', '-auto-approve')).toMatchObject({ code: 0 });
    expect([bench.keyIds, await vault.left(place)]).toEqual([[], []]);
  });
});
