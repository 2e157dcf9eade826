import type { FaultLane } from '../../support/fault-lane.js';
import { VaultWorkbench } from '../../support/vault/workbench.js';
import { newPair } from './contract.js';

const bench = new VaultWorkbench();
let lane: FaultLane;
let path: string;
beforeAll(async () => {
  lane = await bench.lane();
});
afterAll(() => bench.close());
beforeEach(() => {
  path = bench.newPath();
});

const at = (mount: string) => bench.destination(path, lane, { mount });
const limit = (name: string, lifetime: string) =>
  bench.request('POST', name, { delete_version_after: lifetime });

describe('A pair that Vault would delete by itself', () => {
  it('is refused by the plan where its mount says so', async () => {
    const mount = await bench.operator.newMount('2');
    await limit(`${mount}/config`, '8s');
    await expect(at(mount).check()).rejects.toThrow(
      `Vault would delete the pair at ${mount}/${path} by itself after 8s`,
    );
  });

  it('is refused by the plan where its own path says so', async () => {
    await limit(`${bench.mount}/metadata/${path}`, '3600s');
    await expect(at(bench.mount).check()).rejects.toThrow(/by itself after (3600s|1h0m0s)/);
  });

  it('is refused before it is promoted where the plan could not read that', async () => {
    const mount = await bench.operator.newMount('2');
    await limit(`${mount}/config`, '3600s');
    const destination = at(mount);
    await expect(destination.stage(newPair())).rejects.toThrow(/by itself at 2.+Z/);
    expect((await destination.read()).current).toBeNull();
    await limit(`${bench.mount}/metadata/${path}`, '3600s');
    await expect(at(bench.mount).stage(newPair())).rejects.toThrow(/by itself after/);
  });

  it('is refused where its mount has been told so since it was written aside', async () => {
    const mount = await bench.operator.newMount('2');
    const pair = newPair();
    const destination = at(mount);
    await destination.stage(pair);
    await limit(`${mount}/metadata/${path}.lightsail-pending`, '3600s');
    const pending = await bench.request('GET', `${mount}/data/${path}.lightsail-pending`);
    await bench.request('POST', `${mount}/data/${path}.lightsail-pending`, { data: pending?.data as object });
    await expect(destination.promote(pair.accessKeyId)).rejects.toThrow(/by itself at 2.+Z/);
    expect((await destination.read()).current).toBeNull();
  });

  it.each(['0s', '-1s'])('is none where delete_version_after is %s', async (lifetime) => {
    await limit(`${bench.mount}/metadata/${path}`, lifetime);
    const pair = newPair();
    const destination = at(bench.mount);
    await destination.check();
    await destination.stage(pair);
    await destination.promote(pair.accessKeyId);
    expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
  });
});

describe('A mount that is none', () => {
  it.each([
    ['data', ''],
    ['metadata', ''],
    ['team', 'team/'],
    ['data/team', 'team/'],
  ])('is refused by the plan, which says where the path lies: MOUNT/%s', async (rest, before) => {
    const error: unknown = await at(`${bench.mount}/${rest}`)
      .check()
      .catch((reason: unknown) => reason);
    expect(String(error)).toContain(
      `Vault has no mount ${bench.mount}/${rest}: that path lies in the mount ${bench.mount}.`,
    );
    expect(error).toHaveProperty('remedy', `Give mount = "${bench.mount}" and path = "${before}${path}".`);
  });

  it.each(['/', '//'])('is not one that is written with slashes around it: %s', async (slashes) => {
    await expect(at(`${slashes}${bench.mount}${slashes}`).check()).resolves.toBeUndefined();
  });
});
