import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { runningNow, watchMemory } from './process-tree.js';

/** What one run of a command took, with every process that it started. */
export interface Cost {
  readonly wallSeconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** Undefined where there is no way to see it; 0 where every look has missed it. */
  readonly peakBytes: number | undefined;
}

/** Whether some memory was not seen in a run, although it can be seen here. */
function isUnseen(cost: Cost & { readonly peakProviderBytes?: number | undefined }): boolean {
  return cost.peakBytes === 0 || cost.peakProviderBytes === 0;
}

/** A line for beside the results; none where all that can be seen was. */
export function unseenRemark(costs: readonly Cost[]): readonly string[] {
  const unseen = costs.filter(isUnseen).length;
  if (unseen === 0) return [];
  return [`In ${unseen} of ${costs.length} runs some memory was not seen: its medians are of the others.`];
}

/** Measures once more where a run's memory was not seen. */
export async function seeingMemory<Measured extends Cost>(
  measureOnce: () => Promise<Measured>,
): Promise<Measured> {
  const measured = await measureOnce();
  if (!isUnseen(measured)) return measured;
  console.error('The memory of this run was not seen: it is measured again.');
  return measureOnce();
}

/** Bash's own `time` counts what the command's descendants used, as far as they were waited for; Terraform waits. */
const TIMED = 'TIMEFORMAT="%3R %3U %3S"; time "$@" 2>&1';

/** Runs a command that has to succeed. */
export async function measure(
  command: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Cost> {
  const strangers = runningNow();
  const child = spawn('bash', ['-c', TIMED, 'bench', ...command], {
    cwd,
    env: { ...env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const memory = watchMemory(child.pid ?? 0, strangers);
  const [said, times] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  const peakBytes = memory.stop();
  if (child.exitCode !== 0) throw new Error(`${command.join(' ')} failed:\n${said}${times}`);
  const [wall = NaN, user = NaN, system = NaN] = times.trim().split(' ').map(Number);
  return { wallSeconds: wall, cpuSeconds: user + system, peakBytes };
}
