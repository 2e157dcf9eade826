// Runs npm scripts at the same time, one more than there are cores, in the order given, and prints what each has said
// when it ends:
//
//   node scripts/side-by-side.mjs lint types 'Stores under a real Terraform=test:stores'
//
// A test waits for Terraform, for a provider's answer, for a server: one suite alone leaves half of two cores idle. How
// busy they were while a script ran stands beside its time.
// After the first that fails no other is started, and the exit status is 1. What it has said last stands at the end, too:
// whoever reads the log of a pipeline often sees its end alone.

import { spawn } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { clearTimeout, setTimeout } from 'node:timers';

/** A test run that fails can leave a process behind for which jest waits: nothing here takes half of this. */
const MINUTES = Number(process.env.SIDE_BY_SIDE_MINUTES ?? '60');
const LAST_LINES = 120;
const AT_ONCE = availableParallelism() + 1;

const waiting = process.argv.slice(2).map((argument) => {
  const [, title, script] = /^(?:(.*)=)?(.*)$/.exec(argument);
  return { title: title ?? script, script };
});
const running = new Set();
const started = Date.now();
const seconds = () => Math.round((Date.now() - started) / 1000);
const failures = [];

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) end(child, signal);
    process.kill(process.pid, signal);
  });
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
for (const { title, problem, said } of failures) {
  // Indented: what jest has counted is not counted twice.
  const last = said
    .trim()
    .split('\n')
    .slice(-LAST_LINES)
    .map((line) => `  ${line}`);
  console.log(`\n== ${title}: ${problem}. Its last lines:\n${last.join('\n')}`);
}
process.exitCode = failures.length > 0 ? 1 : 0;

async function work() {
  for (let next = waiting.shift(); next !== undefined && failures.length === 0; next = waiting.shift()) {
    const from = seconds();
    const busy = busyFromNow();
    const { problem, said } = await run(next.script);
    const how = `${from} to ${seconds()} s, the cores ${busy()} % busy`;
    console.log(`\n-- ${next.title}: ${problem ?? 'passed'} (${how})\n${said.trim()}`);
    if (problem !== null) failures.push({ title: next.title, problem, said });
  }
}

/** Answers how to tell which part of the machine's time went to any work, whoever's, from now on. */
function busyFromNow() {
  const since = spent();
  return () => {
    const now = spent();
    return Math.round((100 * (now.work - since.work)) / Math.max(1, now.all - since.all));
  };
}

function spent() {
  const times = cpus().map(({ times: { idle, ...work } }) => ({ idle, work: sum(Object.values(work)) }));
  const work = sum(times.map((core) => core.work));
  return { work, all: work + sum(times.map((core) => core.idle)) };
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function run(script) {
  return new Promise((resolve) => {
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
    child.on('error', ({ message }) => (problem ??= `FAILED, not started: ${message}`));
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      running.delete(child);
      if (status !== 0)
        problem ??= `FAILED, ${signal === null ? `exit status ${status}` : `ended by ${signal}`}`;
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
