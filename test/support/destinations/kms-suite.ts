import { Bench, KEY } from './bench.js';

interface Expectations {
  /** A value of `secret` whose pair is encrypted with that key; the run is allowed to use it, or it is not. */
  readonly route: (bench: Bench, kmsKey: string, isAllowed: boolean) => Promise<string>;
  /** Whether the first write that the KMS key sees comes before the key is made, or is that of its pair. */
  readonly denied: 'before any key is made' | 'after which the key is deleted again';
}

/** What a store of AWS shows under a real Terraform when the author's KMS key refuses. */
export function describeKmsRefusals(name: string, expected: Expectations): void {
  describe(`A key whose secret goes to ${name} under a KMS key`, () => {
    let bench: Bench;
    let kmsKey: string;
    beforeAll(async () => {
      bench = await Bench.open();
    });
    afterAll(() => bench.close());
    beforeEach(async () => {
      await bench.begin();
      kmsKey = await bench.kms.create();
    });

    const states: [what: string, spoil: (key: string) => Promise<void>][] = [
      ['is disabled', (key) => bench.kms.disable(key)],
      ['is going to be deleted', (key) => bench.kms.scheduleDeletion(key)],
    ];

    it.each(states)('that %s: refused while planning, at the line of `secret`', async (what, spoil) => {
      const route = await expected.route(bench, kmsKey, true);
      await spoil(kmsKey);
      const { code, said } = await bench.firstPlan(route);
      expect(code).toBe(1);
      expect(said).toContain(`with KMS key ${kmsKey}, which ${what}.`);
      expect(said).toContain('AWS shows a secret only once, so no key was made.');
      expect(said).toContain('or choose another key');
      expect(said).toMatch(/: \d+: {3}secret \{/);
    });

    it('that does not exist, or is of another region: refused while planning', async () => {
      for (const [key, words] of [
        ['alias/nowhere', 'does not exist in us-east-1'],
        ['arn:aws:kms:eu-west-3:123456789012:key/0000', 'is in eu-west-3 and not in us-east-1'],
      ] as const) {
        const { code, said } = await bench.firstPlan(await expected.route(bench, key, true));
        expect(code).toBe(1);
        expect(said).toContain(`with KMS key ${key}, which ${words}.`);
      }
    });

    it(`that this run may not use: refused by the first write, ${expected.denied}`, async () => {
      const route = await expected.route(bench, kmsKey, false);
      expect((await bench.firstPlan(route)).code).toBe(2);
      const { code, said } = await bench.run('apply', '-auto-approve');
      expect(code).toBe(1);
      expect(said).toMatch(/The KMS key of \S.* refuses Put/);
      expect(said).toMatch(
        expected.denied === 'before any key is made' ? /no key was made/ : /was deleted again/,
      );
      expect(bench.keyIds).toEqual([]);
    });

    it('that is disabled once the key is made: the key is deleted again, and made when it is enabled', async () => {
      const route = await expected.route(bench, kmsKey, true);
      let made = 'none';
      bench.whenKeyIsMade(async ({ accessKeyId }) => {
        made = accessKeyId;
        await bench.kms.disable(kmsKey);
      });
      await bench.configure(route);
      const { code, said } = await bench.run('apply', '-auto-approve');
      expect(code).toBe(1);
      expect(said).toMatch(/The KMS key of \S.* refuses Put\w+: the key is disabled/);
      expect(said).toContain(`key ${made} of bucket uploads was deleted again`);
      expect(bench.keyIds).toEqual([]);
      await bench.kms.enable(kmsKey);
      await bench.apply(route);
      expect(bench.onlyKey.accessKeyId).not.toBe(made);
    });

    it('that is disabled later: a refresh leaves the key, a replacement is refused while planning', async () => {
      await bench.apply(await expected.route(bench, kmsKey, true));
      const before = bench.onlyKey;
      await bench.kms.disable(kmsKey);
      expect((await bench.plan()).code).toBe(0);
      const replaced = await bench.plan(`-replace=${KEY}`);
      expect(replaced.code).toBe(1);
      expect(replaced.said).toContain(`with KMS key ${kmsKey}, which is disabled.`);
      expect(bench.onlyKey).toEqual(before);
    });
  });
}
