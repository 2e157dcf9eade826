import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Holder } from '../lifecycle/journal/entry.js';
import type { Runs } from '../lifecycle/ports.js';

/** Tells this process from others, and a dead one from one that may still run. */
export class ProcessRuns implements Runs {
  readonly self: Holder = {
    machine: machine(),
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    host: hostname(),
  };

  /** Only for a process of this machine: of others nobody can tell, and their intents end by time alone. */
  isDead(holder: Holder): boolean {
    if (holder.machine !== this.self.machine) return false;
    try {
      process.kill(holder.pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
    const started = startOf(holder.pid);
    return started !== null && holder.started !== '' && started !== holder.started;
  }
}

/** Linux: this boot and this namespace of process IDs, so that two containers of one name are told apart. */
function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** The 22nd field of /proc/PID/stat, in clock ticks since boot; null where there is no /proc, or no such process. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // A zombie has ended; only its parent has not asked yet.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}
