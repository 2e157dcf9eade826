import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { programEnvironment, runProgram, failureOf } from '../../../src/program/run-program.js';
import { Programs } from '../destinations/command/programs.js';

const LIMITS = { milliseconds: 10_000, graceMilliseconds: 100 };

let programs: Programs;
beforeEach(() => {
  programs = new Programs();
});
afterEach(() => {
  programs.remove();
});

const shell = (script: string) => [programs.file('program', `#!/bin/sh\n${script}\n`)];

test('a stop ends the program and all that it has started', async () => {
  const stop = new AbortController();
  const argv = shell('(trap "" TERM; sleep 1; touch "$0.alive") & echo begun; wait');
  const running = runProgram(argv, LIMITS, { env: process.env, stop: stop.signal });
  await setTimeout(300);
  stop.abort();
  const ending = await running;
  expect(ending.ended).toBe('stopped');
  expect(failureOf(argv, ending, { limits: LIMITS, redact: (text) => text })).toContain(
    'was stopped, as Terraform was interrupted. Its standard output: begun',
  );
  await setTimeout(1200);
  expect(existsSync(join(programs.folder, 'program.alive'))).toBe(false);
});

test('a stop before the start ends it, too', async () => {
  const ending = await runProgram(shell('sleep 60'), LIMITS, { env: process.env, stop: AbortSignal.abort() });
  expect(ending.ended).toBe('stopped');
});

test('a stop after the program has ended well changes nothing', async () => {
  const stop = new AbortController();
  // What it leaves running keeps the pipes open for a while.
  const running = runProgram(shell('sleep 5 & echo $! > "$0.pid"; exit 0'), LIMITS, {
    env: process.env,
    stop: stop.signal,
  });
  await setTimeout(250);
  stop.abort();
  expect(await running).toMatchObject({ ended: 'exited', status: 0 });
  process.kill(Number(readFileSync(join(programs.folder, 'program.pid'), 'utf8')));
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
