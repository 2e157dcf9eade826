import { parsePolicyArguments } from '../../../src/command/policy/arguments.js';
import { policyDocument } from '../../../src/command/policy/document.js';
import { Bench } from '../../support/destinations/bench.js';
import type { Store } from '../../support/destinations/store.js';
import { ACCOUNT } from '../../support/iam/iam.js';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

/** Everything is taken away but what `lightsail-access-key policy --for plan` prints. */
function onlyPlans(...destination: readonly string[]): void {
  const place = ['--bucket', 'any', '--region', bench.iam.region, '--account', ACCOUNT];
  const request = parsePolicyArguments([...place, '--for', 'plan', ...destination], '');
  if (request === 'audit') throw new Error('This is for plans.');
  bench.iam.clear();
  bench.iam.attach(policyDocument(request));
  bench.iam.refused.length = 0;
}

const cases: readonly (readonly [string, () => Store, (place: string) => readonly string[]])[] = [
  ['ssm-parameter', () => bench.parameters, (name) => ['--name', name]],
  ['secrets-manager', () => bench.secretsManager, (name) => ['--secret-id', name]],
];

test.each(cases)(
  'with the policy for plans a plan of a key in %s sees all, and an apply with all rights carries it out',
  async (destination, storeOf, option) => {
    const store = storeOf();
    const place = await store.newPlace();
    bench.iam.grant('--destination', destination, ...option(place));
    await bench.apply(store.route(place));
    onlyPlans('--destination', destination, ...option(place));
    expect(await bench.plan()).toMatchObject({ code: 0 });

    const [key = ''] = bench.keyIds;
    bench.emulator.deleteKey('uploads', key);
    const { code, said } = await bench.plan('-out=tfplan');
    expect(code).toBe(2);
    expect(said).toContain(`Key ${key} of bucket uploads does not exist any more`);
    expect(bench.iam.refused.filter(({ action }) => !action.includes(':Put'))).toEqual([]);
    bench.iam.clear();
    bench.iam.grant('--destination', destination, ...option(place));
    expect(await bench.run('apply', 'tfplan')).toEqual({
      code: 0,
      said: expect.stringContaining('Apply complete') as unknown,
    });
    expect(bench.keyIds).toHaveLength(1);
  },
);
