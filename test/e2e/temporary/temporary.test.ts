import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, run, start } from '../../support/command.js';
import { until } from '../../support/until.js';
import { repository } from '../../support/provider-build.js';
import { temporaryFolder } from '../../support/temporary/folder.js';

const JEST = join(repository, 'node_modules/jest/bin/jest.js');

let tests: string;
let outside: string;
beforeEach(() => {
  tests = temporaryFolder('tests');
  outside = temporaryFolder('outside');
  writeFileSync(
    join(tests, 'jest.config.mjs'),
    `import { common } from ${JSON.stringify(join(repository, 'jest.config.mjs'))};
     export default { ...common, rootDir: ${JSON.stringify(repository)}, roots: [${JSON.stringify(tests)}] };`,
  );
});

/** A test file that does this, with `make`, which makes a temporary folder. */
function testFile(name: string, body: string): void {
  writeFileSync(
    join(tests, `${name}.test.js`),
    `const { mkdtempSync, readdirSync, writeFileSync } = require('node:fs');
     const { tmpdir } = require('node:os');
     const make = (name) => mkdtempSync(tmpdir() + '/' + name);
     test('${name}', async () => { ${body} }, 600_000);`,
  );
}

const invocation = (): [string, string[], { cwd: string; env: NodeJS.ProcessEnv }] => [
  process.execPath,
  [JEST, '--config', join(tests, 'jest.config.mjs'), '--maxWorkers', '2'],
  { cwd: tests, env: { ...process.env, TMPDIR: outside } },
];
const runTests = (): Promise<Outcome> => run(...invocation());

it('a test file that leaves something in the temporary folder fails, and says what', async () => {
  testFile('careless', "make('scratch-');");
  const { code, stderr } = await runTests();
  expect(code).toBe(1);
  expect(stderr).toMatch(/careless\.test\.js[^]*Left behind in the temporary folder: scratch-/);
  expect(readdirSync(outside)).toEqual([]);
});

it('each file has a folder of its own, in which only what CDKTF makes may stay', async () => {
  for (const name of ['one', 'other']) {
    testFile(name, "expect(readdirSync(tmpdir())).toEqual([]); make('cdktf.outdir.');");
  }
  const { code, stderr } = await runTests();
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('2 passed') as string });
  expect(readdirSync(outside)).toEqual([]);
});

it('a run that is interrupted leaves nothing, and the next one clears away what a killed one has left', async () => {
  const names = ['slow', 'slow-too'];
  const ready = (name: string) => join(tests, `${name}.ready`);
  for (const name of names) {
    testFile(name, `make('scratch-'); writeFileSync('${ready(name)}', ''); await new Promise(() => {});`);
  }
  const [program, args, options] = invocation();
  const interrupted = start(program, args, { ...options, detached: true });
  await until(() => names.every((name) => existsSync(ready(name))), 300_000);
  // As Ctrl-C does: its workers, of which each runs a test that never ends, would outlive it.
  process.kill(-(interrupted.process.pid ?? 0), 'SIGINT');
  expect(await interrupted.outcome).toMatchObject({ signal: 'SIGINT' });
  expect(readdirSync(outside)).toEqual([]);

  for (const name of names) testFile(name, '');
  const ofNobody = 'lak-999999999';
  mkdirSync(join(outside, ofNobody, 'f-1'), { recursive: true });
  expect((await runTests()).code).toBe(0);
  expect(readdirSync(outside)).toEqual([]);
});
