import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** The running children of a process: of Terraform, the providers that it has started. */
export function childrenOf(parent: number): number[] {
  return table()
    .filter((row) => row.parent === parent && !row.zombie)
    .map((row) => row.pid);
}

/** A zombie has ended, and only its parent has not asked yet. */
export function alive(pids: Iterable<number>): number[] {
  const running = new Set(
    table()
      .filter((row) => !row.zombie)
      .map((row) => row.pid),
  );
  return [...pids].filter((pid) => running.has(pid));
}

/** Waits until the processes have ended; answers those that have not within the time. */
export async function ended(pids: Iterable<number>, milliseconds: number): Promise<number[]> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const left = alive(pids);
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(10);
  }
}

/** A process that has ended by itself meanwhile is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function table(): { pid: number; parent: number; zombie: boolean }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parent, state] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), zombie: state?.startsWith('Z') ?? false };
  });
}
