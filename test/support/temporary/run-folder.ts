import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Short: the path of a provider's Unix socket, four folders below, has to stay within 103 characters. */
const PREFIX = 'lak-';

/**
 * Gives a run of jest a temporary folder of its own, which its workers and all that they start inherit as TMPDIR. It
 * goes at the end, or when the run is interrupted; that of a run which was killed goes with the next run.
 */
export function openRunFolder(): void {
  const name = `${PREFIX}${process.pid}`;
  // Several projects of one run open it.
  if (basename(tmpdir()) === name) return;
  sweep();
  const folder = join(tmpdir(), name);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  mkdirSync(folder, { mode: 0o700 });
  process.env.TMPDIR = folder;
  // What it says of Node 20 on standard error concerns whoever upgrades it, not whoever runs the tests.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const remove = () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  process.once('exit', remove);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      remove();
      process.kill(process.pid, signal);
    });
  }
}

/** Removes the folders of runs that have ended without doing so, as far as nobody else is at it: several runs sweep. */
function sweep(): void {
  const owners = readdirSync(tmpdir()).flatMap((name) => {
    const pid = new RegExp(`^${PREFIX}(\\d+)$`).exec(name)?.[1];
    return pid === undefined ? [] : [Number(pid)];
  });
  for (const pid of owners) {
    if (isRunning(pid)) continue;
    try {
      rmSync(join(tmpdir(), `${PREFIX}${pid}`), { recursive: true, force: true, maxRetries: 10 });
    } catch {
      // What is left goes with the next run.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, and is there all the same.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
