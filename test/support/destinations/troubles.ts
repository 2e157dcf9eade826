import { exhibitsIn, removalContexts } from '../../e2e/canary/scan.js';
import type { Fault } from '../fault-lane.js';
import { PLAYED } from '../vault/played-answers.js';
import { Bench } from './bench.js';
import type { Pair } from '../s3-consumer.js';
import type { Store } from './store.js';

type Trouble = 'throttled' | 'unreachable' | 'refused';

/** How each store says it, and how the provider says it to its user. */
const TROUBLES: Readonly<Record<Trouble, { aws: Fault; vault: Fault; words: RegExp }>> = {
  throttled: {
    aws: awsError('ThrottlingException', 'Rate exceeded'),
    vault: PLAYED.throttled,
    words: /throttled/,
  },
  unreachable: { aws: { drop: 'before' }, vault: { drop: 'before' }, words: /gave no answer/ },
  refused: {
    aws: awsError('AccessDeniedException', 'User: operator is not authorized to perform this'),
    vault: { status: 403, body: '{"errors":["permission denied"]}' },
    words: /may not call|does not permit/,
  },
};

function awsError(type: string, message: string): Fault {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { status: 400, headers, body: JSON.stringify({ __type: type, message }) };
}

/** What every store with a journal shows under a real Terraform when it stops answering, at each moment of a key's life. */
export function describeTroubles(
  name: string,
  storeOf: (bench: Bench) => Store,
  /** A store whose client is patient takes its troubles in files of their own: they mostly wait. */
  troubles: readonly Trouble[] = ['throttled', 'unreachable', 'refused'],
): void {
  describe(`A key whose secret goes to ${name}`, () => {
    let bench: Bench;
    let store: Store;
    let place: string;

    beforeAll(async () => {
      bench = await Bench.open();
      store = storeOf(bench);
    });
    afterAll(() => bench.close());
    beforeEach(async () => {
      await bench.begin();
      place = await store.newPlace();
    });

    /** From now on the store does so to every call. */
    function begin(trouble: Trouble): RegExp {
      const { aws, vault, words } = TROUBLES[trouble];
      store.lane.plan(/./, store.member === 'vault_kv' ? vault : aws);
      return words;
    }

    const creations = () =>
      bench.emulator.log.filter(({ operation }) => operation === 'CreateBucketAccessKey').length;

    async function expectDelivered(): Promise<void> {
      expect(JSON.parse((await store.consumed(place)) ?? 'null')).toMatchObject(bench.onlyKey);
      expect((await bench.plan()).code).toBe(0);
    }

    describe.each(troubles)('while the store is %s', (trouble) => {
      beforeEach(() => {
        bench.maxAttempts = trouble === 'throttled' ? 1 : 2;
      });

      it('is not made: the plan fails, and so does the apply of an earlier plan', async () => {
        const before = creations();
        await bench.configure(store.route(place));
        expect((await bench.plan('-out=earlier.tfplan')).code).toBe(2);
        const words = begin(trouble);
        const plan = await bench.firstPlan(store.route(place));
        expect(plan).toMatchObject({ code: 1, said: expect.stringMatching(words) as string });
        expect(plan.said).toContain('AWS shows a secret only once, so no key was made.');
        expect(plan.said).toMatch(/on main\.tf line \d+, in resource "lightsail_bucket_access_key" "key"/);
        const apply = await bench.run('apply', 'earlier.tfplan');
        expect(apply).toMatchObject({ code: 1, said: expect.stringMatching(words) as string });
        expect(apply.said).toContain('AWS shows a secret only once, so no key was made.');
        expect(creations()).toBe(before);
        store.lane.clear();
        await bench.apply(store.route(place));
        await expectDelivered();
      });

      it('is deleted again where that began right after it was made, and the next apply makes one', async () => {
        let words = /never/;
        let made: Pair = { accessKeyId: 'none', secretAccessKey: 'none' };
        bench.whenKeyIsMade((pair) => {
          made = pair;
          words = begin(trouble);
        });
        await bench.configure(store.route(place));
        const { code, said } = await bench.run('apply', '-auto-approve');
        expect(code).toBe(1);
        expect(said).toMatch(words);
        expect(said).toContain(`key ${made.accessKeyId} of bucket uploads was deleted again`);
        expect(bench.keyIds).toEqual([]);
        const exhibits = exhibitsIn(bench.terraform.folder).set('said', Buffer.from(said));
        expect(removalContexts([made.secretAccessKey], exhibits)).toEqual([]);
        store.lane.clear();
        expect((await store.consumed(place)) ?? '').not.toContain(made.accessKeyId);
        await bench.apply(store.route(place));
        expect(bench.keyIds).not.toContain(made.accessKeyId);
        await expectDelivered();
      });

      it('is left as it is by a refresh, and goes at destroy, which names the pair that stays behind', async () => {
        await bench.apply(store.route(place));
        const { accessKeyId } = bench.onlyKey;
        const words = begin(trouble);
        const plan = await bench.plan();
        expect(plan).toMatchObject({ code: 0, said: expect.stringMatching(words) as string });
        expect(plan.said).toContain(`still holds the secret of key ${accessKeyId} of bucket uploads`);
        expect(bench.keyIds).toEqual([accessKeyId]);
        const destroy = await bench.run('destroy', '-auto-approve');
        expect(destroy).toMatchObject({ code: 0, said: expect.stringMatching(words) as string });
        expect(destroy.said).toContain(
          `The pair of key ${accessKeyId} of bucket uploads is left behind at ${store.title(place)}`,
        );
        expect(bench.keyIds).toEqual([]);
        store.lane.clear();
        // Whoever comes next may have the place: its pair is of a key that is dead.
        await bench.apply(store.route(place));
        await expectDelivered();
      });
    });
  });
}
