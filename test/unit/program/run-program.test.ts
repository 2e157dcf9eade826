import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programEnvironment, runProgram, failureOf } from '../../../src/program/run-program.js';
import { until } from '../../support/until.js';
import { Programs } from '../destinations/command/programs.js';

const LIMITS = { milliseconds: 300_000, graceMilliseconds: 100 };

let programs: Programs;
beforeEach(() => {
  programs = new Programs();
});
afterEach(() => {
  programs.remove();
});

const shell = (script: string) => [programs.file('program', `#!/bin/sh\n${script}\n`)];

/** Until its parent, this process, has asked how it ended. */
function isRunning(pid = NaN): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a stop ends the program and all that it has started', async () => {
  const stop = new AbortController();
  const argv = shell(`${programs.survivor()} echo begun; touch "$0.begun"; wait`);
  const running = runProgram(argv, LIMITS, { env: process.env, stop: stop.signal });
  await until(() => existsSync(join(programs.folder, 'program.begun')));
  stop.abort();
  const ending = await running;
  expect(ending.ended).toBe('stopped');
  expect(failureOf(argv, ending, { limits: LIMITS, redact: (text) => text })).toContain(
    'was stopped, as Terraform was interrupted. Its standard output: begun',
  );
  expect(await programs.survives()).toBe(false);
});

test('a stop before the start ends it, too', async () => {
  const ending = await runProgram(shell('sleep 60'), LIMITS, { env: process.env, stop: AbortSignal.abort() });
  expect(ending.ended).toBe('stopped');
});

test('a stop after the program has ended well changes nothing', async () => {
  const stop = new AbortController();
  // What it leaves running keeps the pipes open for a while.
  const script = 'sleep 300 & echo $$ $! > "$0.new" && mv "$0.new" "$0.pids"; exit 0';
  const running = runProgram(shell(script), LIMITS, { env: process.env, stop: stop.signal });
  const pids = join(programs.folder, 'program.pids');
  await until(() => existsSync(pids));
  const [program, left] = readFileSync(pids, 'utf8').split(' ').map(Number);
  await until(() => !isRunning(program));
  stop.abort();
  expect(await running).toMatchObject({ ended: 'exited', status: 0 });
  process.kill(left ?? NaN);
});

test('without an input the program reads nothing', async () => {
  const ending = await runProgram(shell('cat; echo end'), LIMITS, { env: process.env });
  expect(ending.stdout).toBe('end\n');
});

test('a program inherits the environment without what Terraform tells its plugins', () => {
  const env = {
    PATH: '/bin',
    TF_PLUGIN_MAGIC_COOKIE: 'd6',
    PLUGIN_CLIENT_CERT: 'pem',
    PLUGIN_MIN_PORT: '1',
    TF_VAR_x: 'y',
    LIGHTSAIL_EXTRA_CA_CERTS: '/own.pem',
  };
  expect(programEnvironment(env)).toEqual({
    PATH: '/bin',
    TF_VAR_x: 'y',
    NODE_EXTRA_CA_CERTS: '/own.pem',
  });
});

test.each([
  ['an argument holds a NUL byte', 'a\0b', /null byte/],
  ['an argument is longer than the system takes', 'a'.repeat(16 * 1024 * 1024), /E2BIG/],
])('that %s keeps it from being started, and is no exception', async (_, argument, words) => {
  const ending = await runProgram(['sh', '-c', 'true', argument], LIMITS, { env: process.env });
  expect(ending).toMatchObject({ ended: 'not-started', status: null, stdout: '' });
  expect(ending.stderr).toMatch(words);
});
