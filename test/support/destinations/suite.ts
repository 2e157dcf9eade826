import { exhibitsIn, removalContexts } from '../../e2e/canary/scan.js';
import { Bench, BUCKET, KEY } from './bench.js';
import type { Pair } from '../s3-consumer.js';
import type { Said } from '../stack.js';
import type { Store } from './store.js';

export interface Expectations {
  readonly store: (bench: Bench) => Store;
  /** What stays at a place whose pair has gone, as `left` tells it. */
  readonly left: readonly string[];
  /** What becomes of a staged pair whose run has died: the store lets it be read back, or it does not. */
  readonly afterStage: 'finished' | 'deleted';
  /** What becomes of its key where another writer has altered the promoted pair: the store keeps its value, or does not. */
  readonly afterAlteration: 'replaced' | 'named, and nothing is changed';
}

/** What every store with a journal shows under a real Terraform. */
export function describeStore(name: string, expected: Expectations): void {
  describe(`A key whose secret goes to ${name}`, () => {
    let bench: Bench;
    let store: Store;
    let place: string;

    beforeAll(async () => {
      bench = await Bench.open();
      store = expected.store(bench);
    });
    afterAll(() => bench.close());
    beforeEach(async () => {
      await bench.begin();
      place = await store.newPlace();
    });

    async function expectDelivered(at = place): Promise<Pair> {
      const pair = bench.onlyKey;
      expect(JSON.parse((await store.consumed(at)) ?? 'null')).toMatchObject(pair);
      expect(await bench.works(pair)).toBe(true);
      expect(bench.values).toMatchObject({
        access_key_id: pair.accessKeyId,
        secret_reference: await store.reference(at, pair.accessKeyId),
        secret_access_key: null,
        sealed_secret_access_key: null,
      });
      return pair;
    }

    it('is delivered there, is in no file and no log of Terraform, and goes at destroy', async () => {
      Object.assign(bench.terraform.env, { TF_LOG: 'TRACE', TF_LOG_PATH: 'trace.log' });
      try {
        await bench.apply(store.route(place));
        const { secretAccessKey } = await expectDelivered();
        expect((await bench.plan('-out=same.tfplan')).code).toBe(0);
        await bench.configure(store.route(place, 'env'));
        expect((await bench.plan('-out=rotation.tfplan')).code).toBe(2);
        const exhibits = exhibitsIn(bench.terraform.folder);
        expect([...exhibits.keys()]).toEqual(
          expect.arrayContaining(['terraform.tfstate', 'rotation.tfplan!tfstate', 'trace.log']),
        );
        expect(removalContexts([secretAccessKey], exhibits)).toEqual([]);
      } finally {
        delete bench.terraform.env.TF_LOG;
        delete bench.terraform.env.TF_LOG_PATH;
      }
      expect(await bench.run('destroy', '-auto-approve')).toMatchObject({
        code: 0,
        said: expect.not.stringContaining('Warning') as string,
      });
      expect(bench.keyIds).toEqual([]);
      expect(await store.left(place)).toEqual(expected.left);
    });

    it('moves within the store by a new key, in another format, and leaves nothing at the old place', async () => {
      await bench.apply(store.route(place));
      const old = await expectDelivered();
      const next = await store.newPlace();
      await bench.configure(store.route(next, 'env'));
      const plan = await bench.plan('-out=move.tfplan');
      expect(plan.said).toContain(`Key ${old.accessKeyId} of bucket uploads will be replaced by a new one`);
      expect((await bench.run('apply', 'move.tfplan')).code).toBe(0);

      const { accessKeyId, secretAccessKey } = bench.onlyKey;
      expect(accessKeyId).not.toBe(old.accessKeyId);
      const text = await store.consumed(next);
      expect(text).toContain(`AWS_ACCESS_KEY_ID=${accessKeyId}\n`);
      expect(text).toContain(`AWS_SECRET_ACCESS_KEY=${secretAccessKey}\n`);
      expect((await store.consumed(place)) ?? '').not.toContain(old.accessKeyId);
      expect(await store.left(place)).toEqual(expected.left);
      expect((await bench.plan()).code).toBe(0);
    });

    it("keeps its place from another stack, repairs a loss, and a stranger's value stays as an earlier version", async () => {
      await bench.apply(store.route(place));
      const first = await expectDelivered();
      const other = await bench.planElsewhere(store.route(place));
      expect(other.code).toBe(1);
      expect(other.said).toContain(
        `${store.title(place)} already holds key ${first.accessKeyId} of bucket uploads`,
      );

      const gone = ({ accessKeyId }: Pair) =>
        `The secret of key ${accessKeyId} of bucket uploads is no longer at ${store.title(place)}`;
      await store.lose(place);
      await bench.configure(store.route(place));
      const repair = await bench.plan('-out=repair.tfplan');
      expect(repair).toMatchObject({ code: 2, said: expect.stringContaining(gone(first)) as string });
      expect((await bench.run('apply', 'repair.tfplan')).code).toBe(0);
      const second = await expectDelivered();
      expect(second.accessKeyId).not.toBe(first.accessKeyId);

      await store.overwrite(place);
      const plan = await bench.plan();
      expect(plan.said).toContain(gone(second));
      await expectCovered(plan);
    });

    async function expectCovered(plan: Said): Promise<void> {
      expect(plan.code).toBe(2);
      expect(plan.said).toContain(`${store.title(place)} holds a value that this provider did not write`);
      await bench.apply(store.route(place));
      await expectDelivered();
      expect((await bench.plan()).code).toBe(0);
    }

    it('is replaced, new one first, and the destruction of the old one leaves the new pair', async () => {
      const first = 'lifecycle { create_before_destroy = true }';
      await bench.apply(store.route(place), first);
      const old = await expectDelivered();
      const replaced = await bench.run('apply', '-auto-approve', `-replace=${KEY}`);
      expect(replaced).toMatchObject({ code: 0, said: expect.stringContaining('+/-') as string });
      expect((await expectDelivered()).accessKeyId).not.toBe(old.accessKeyId);
      expect((await bench.plan()).code).toBe(0);
    });

    describe('after SIGKILL of the provider during the creation', () => {
      async function converge(): Promise<string> {
        const plan = await bench.plan('-out=next.tfplan');
        expect(plan.code).toBe(2);
        expect(await bench.run('apply', 'next.tfplan')).toMatchObject({ code: 0 });
        await expectDelivered();
        expect((await bench.plan()).code).toBe(0);
        return plan.said;
      }

      const kill = async (arm: (kill: () => Promise<void>) => () => void) => {
        await bench.configure(store.route(place), 'exclusive = true');
        expect((await bench.applyUntilKilled(arm)).code).toBe(1);
        return bench.onlyKey.accessKeyId;
      };

      it('with the key made and not staged: the next run deletes it and makes another', async () => {
        const orphan = await kill((now) =>
          bench.emulator.onCall(async (point, { operation }) => {
            if (point === 'effect-done' && operation === 'CreateBucketAccessKey') await now();
          }),
        );
        expect(await converge()).toContain(`Key ${orphan} appeared on bucket ${BUCKET}`);
        expect(bench.keyIds).not.toContain(orphan);
      });

      it(`with the pair staged: it is ${expected.afterStage} by the next run`, async () => {
        const pending = await kill((now) => store.after('stage', place, now));
        expect(await converge()).toContain(`Key ${pending} of bucket ${BUCKET} will be finished or deleted`);
        expect(bench.keyIds.includes(pending)).toBe(expected.afterStage === 'finished');
      });

      it('with the pair promoted: the next run takes the key over and makes no second one', async () => {
        const delivered = await kill((now) => store.after('promote', place, now));
        expect(await converge()).toContain(`Key ${delivered} of bucket ${BUCKET} will be taken over`);
        expect(bench.keyIds).toEqual([delivered]);
      });

      it(`with the pair promoted and its secret altered since: the key is ${expected.afterAlteration}`, async () => {
        const delivered = await kill((now) => store.after('promote', place, now));
        const { secretAccessKey } = bench.onlyKey;
        const text = (await store.consumed(place)) ?? '';
        await store.overwrite(
          place,
          text.replace(secretAccessKey, secretAccessKey.split('').reverse().join('')),
        );
        if (expected.afterAlteration === 'replaced') {
          expect(await converge()).not.toContain(`Key ${delivered} of bucket ${BUCKET} will be taken over`);
          expect(bench.keyIds).not.toContain(delivered);
          return;
        }
        for (const { code, said } of [await bench.plan(), await bench.run('apply', '-auto-approve')]) {
          expect(code).toBe(1);
          expect(said).toContain(store.title(place));
          expect(said).toContain(delivered);
        }
        expect(bench.keyIds).toEqual([delivered]);
      });
    });
  });
}
