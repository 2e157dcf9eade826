import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { Bench } from '../../support/destinations/bench.js';
import { Programs } from '../../unit/destinations/command/programs.js';

const ACCOUNT = '123456789012';

/** One place of a store in other words: the key stays, its pair and the store's values too. */
describe('A destination that is written in another way', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.begin());

  /** Each route in turn, and then the first again. */
  async function stays(routes: readonly string[]): Promise<void> {
    const [first = ''] = routes;
    await bench.apply(first);
    const key = bench.onlyKey.accessKeyId;
    for (const route of [...routes.slice(1), first]) {
      await bench.configure(route);
      const plan = await bench.plan();
      expect([route, plan.code]).toEqual([route, 2]);
      expect(plan.said).toContain('0 to add, 1 to change, 0 to destroy');
      expect(plan.said).not.toContain('will be replaced');
      await bench.apply(route);
      expect([route, (await bench.plan()).code]).toEqual([route, 0]);
      expect([route, bench.onlyKey.accessKeyId]).toEqual([route, key]);
    }
    // In these words as well the place takes the next pair.
    await bench.apply(
      routes.at(-1) ?? '',
      'rotation {\n    overlap_hours = 0\n    keepers = { is = "other" }\n  }',
    );
    expect(bench.onlyKey.accessKeyId).not.toBe(key);
    expect((await bench.run('destroy', '-auto-approve')).code).toBe(0);
  }

  it('stays the secret of Secrets Manager that it is, by its name, ARN and partial ARN', async () => {
    const store = bench.secretsManager;
    const arn = await store.newPlace();
    const partial = arn.replace(/-[A-Za-z0-9]{6}$/, '');
    await stays([arn, partial.replace(/^.*:/, ''), partial].map((place) => store.route(place)));
  });

  const byArn = (name: string, region: string) =>
    `ssm_parameter {\nname = "arn:aws:ssm:${region}:${ACCOUNT}:parameter${name}"\n}`;

  it('stays the parameter that it is, by its name and ARN', async () => {
    const store = bench.parameters;
    const name = await store.newPlace();
    await stays([store.route(name), byArn(name, 'us-east-1')]);
  });

  it('is refused where the ARN leads to another Region', async () => {
    const store = bench.parameters;
    const name = await store.newPlace();
    await bench.apply(store.route(name));
    await bench.configure(byArn(name, 'eu-west-3'));
    const { code, said } = await bench.plan();
    expect(code).toBe(1);
    expect(said).toContain(`parameter${name} is in eu-west-3, and this provider works in us-east-1.`);
  });

  it('stays the secret of Vault that it is, with slashes around its mount', async () => {
    const route = bench.vault.route(await bench.vault.newPlace());
    await stays([
      route,
      route.replace(/mount = "(.*)"/, 'mount = "/$1/"'),
      route.replace(/path = "(.*)"/, 'path = "/$1"'),
    ]);
  });

  it('stays the program that it is, by its absolute and relative path', async () => {
    const programs = new Programs();
    const write = programs.recorder('write', `console.log(JSON.stringify({ reference: 'there' }));`);
    const beside = relative(realpathSync(bench.terraform.folder), write);
    await stays([write, beside].map((name) => `command {\nwrite = ["${name}", "uploads"]\n}`));
    expect(programs.runs('write')).toHaveLength(2);
    programs.remove();
  });
});
