import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bench } from '../../support/destinations/bench.js';
import type { Pair } from '../../support/s3-consumer.js';
import { decryptWith, IDENTITY, RECIPIENT } from '../../support/destinations/identity.js';
import { Programs } from '../../unit/destinations/command/programs.js';

/** One station of a key's way: what its consumer finds there, and whether it is empty once the key has moved on. */
interface Station {
  readonly name: string;
  readonly route: string;
  readonly pair: () => Promise<Partial<Pair>>;
  readonly isEmpty: () => Promise<boolean>;
}

describe('A key whose secret moves from each kind of destination to the next', () => {
  let bench: Bench;
  let programs: Programs;
  beforeAll(async () => {
    bench = await Bench.open();
    await bench.begin();
    programs = new Programs();
  });
  afterAll(async () => {
    programs.remove();
    await bench.close();
  });

  async function stations(): Promise<Station[]> {
    const stores = bench.stores.map(async (store): Promise<Station> => {
      const place = await store.newPlace();
      const consumed = async () => JSON.parse((await store.consumed(place)) ?? '{}') as Partial<Pair>;
      const isEmpty = async () => (await consumed()).accessKeyId === undefined;
      return { name: store.member, route: store.route(place), pair: consumed, isEmpty };
    });
    const sealed = () => Promise.resolve(bench.values.sealed_secret_access_key as string | null);
    const path = join(bench.terraform.folder, 'key.age');
    const [write, remove] = [programs.recorder('write'), programs.recorder('remove')];
    const last = (name: string) => JSON.parse(programs.runs(name).at(-1)?.stdin ?? '{}') as Partial<Pair>;
    return [
      ...(await Promise.all(stores)),
      {
        name: 'file',
        route: `file {\npath = "key.age"\nage_recipients = ["${RECIPIENT}"]\n}`,
        pair: async () => JSON.parse(await decryptWith(IDENTITY, readFileSync(path, 'utf8'))) as Pair,
        isEmpty: () => Promise.resolve(!existsSync(path)),
      },
      {
        name: 'command',
        route: `command {\nwrite = ["${write}"]\ndelete = ["${remove}"]\n}`,
        pair: () => Promise.resolve(last('write')),
        isEmpty: () => Promise.resolve(last('remove').accessKeyId === last('write').accessKeyId),
      },
      {
        name: 'terraform_output',
        route: `terraform_output { age_recipients = ["${RECIPIENT}"] }`,
        pair: async () => ({ secretAccessKey: await decryptWith(IDENTITY, (await sealed()) ?? '') }),
        isEmpty: async () => (await sealed()) === null,
      },
    ];
  }

  it('is another key at each, and nothing stays behind', async () => {
    const way = await stations();
    const seen = new Set<string>();
    let before: Station | null = null;
    for (const station of [...way, ...way.slice(0, 1)]) {
      const { said } = await bench.apply(station.route);
      const pair = bench.onlyKey;
      const { accessKeyId = pair.accessKeyId, secretAccessKey } = await station.pair();
      expect({ accessKeyId, secretAccessKey }).toEqual(pair);
      expect(seen.has(pair.accessKeyId)).toBe(false);
      if (before) {
        expect([before.name, await before.isEmpty()]).toEqual([before.name, true]);
        expect(said).toContain(
          `Key ${[...seen].at(-1) ?? ''} of bucket uploads will be replaced by a new one`,
        );
        expect(said).toContain('0 added, 1 changed, 0 destroyed');
      }
      expect((await bench.plan()).code).toBe(0);
      seen.add(pair.accessKeyId);
      before = station;
    }
    expect(seen.size).toBe(7);
  });
});
