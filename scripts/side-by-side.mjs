// Runs npm scripts at the same time, as many as there are cores, in the order given, and prints what each has said
// when it ends:
//
//   node scripts/side-by-side.mjs lint types 'Stores under a real Terraform=test:stores'
//
// A test waits for Terraform, for a provider's answer, for a server: one suite alone leaves half of two cores idle.
// After the first that fails no other is started, and the exit status is 1.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { clearTimeout, setTimeout } from 'node:timers';

/** A test run that fails can leave a process behind for which jest waits: nothing here takes half of this. */
const MINUTES = Number(process.env.SIDE_BY_SIDE_MINUTES ?? '30');

const waiting = process.argv.slice(2).map((argument) => {
  const [, title, script] = /^(?:(.*)=)?(.*)$/.exec(argument);
  return { title: title ?? script, script };
});
const running = new Set();
const started = Date.now();
const seconds = () => Math.round((Date.now() - started) / 1000);
let failed = false;

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) end(child, signal);
    process.kill(process.pid, signal);
  });
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
process.exitCode = failed ? 1 : 0;

async function work() {
  for (let next = waiting.shift(); next !== undefined && !failed; next = waiting.shift()) {
    const from = seconds();
    const { problem, said } = await run(next.script);
    console.log(`\n-- ${next.title}: ${problem ?? 'passed'} (${from} to ${seconds()} s)\n${said.trim()}`);
    if (problem !== null) failed = true;
  }
}

function run(script) {
  return new Promise((resolve, reject) => {
    // The leader of a group, so that nothing which a script has started outlives it.
    const child = spawn('npm', ['run', '--loglevel', 'error', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    let problem = null;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (said += text));
    }
    const timer = setTimeout(() => {
      problem = `FAILED, not done within ${MINUTES} minutes`;
      end(child, 'SIGKILL');
    }, MINUTES * 60_000);
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      running.delete(child);
      if (status !== 0) problem ??= 'FAILED';
      resolve({ problem, said });
    });
  });
}

function end(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}
