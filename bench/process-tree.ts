import { readdirSync, readFileSync } from 'node:fs';

const INTERVAL_MS = 20;
const KIB = 1024;

/**
 * The most memory that the descendants of a process had at one time, in bytes of PSS: a page that several
 * processes share is counted once, which a sum of resident sizes does not do.
 *
 * It reads /proc every 20 ms, and the costly PSS only where the resident sizes are near their highest yet. What
 * lives for less than that is missed, for every subject alike. Linux only: elsewhere there is no answer.
 *
 * `strangers`: what ran before the root did, which spares reading about it. Taken any later it could hold the root's
 * own first child, and then nothing would be seen at all.
 */
export function watchMemory(root: number, strangers: ReadonlySet<number>): { stop(): number | undefined } {
  if (process.platform !== 'linux') return { stop: () => undefined };
  let highestResident = 0;
  let highest = 0;
  const timer = setInterval(() => {
    const tree = descendants(root, strangers);
    const resident = tree.reduce((sum, { residentPages }) => sum + residentPages, 0);
    if (resident < highestResident * 0.95) return;
    highestResident = Math.max(highestResident, resident);
    highest = Math.max(
      highest,
      tree.reduce((sum, { pid }) => sum + proportionalSize(pid), 0),
    );
  }, INTERVAL_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return highest;
    },
  };
}

export function runningNow(): ReadonlySet<number> {
  return new Set(process.platform === 'linux' ? pids() : []);
}

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly residentPages: number;
}

function descendants(root: number, strangers: ReadonlySet<number>): readonly Entry[] {
  const entries = pids()
    .filter((pid) => pid !== root && !strangers.has(pid))
    .map(entryOf)
    .filter((entry) => entry !== undefined);
  const found = new Map<number, Entry>();
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const entry of entries) {
      if (entry.parent === root || found.has(entry.parent)) found.set(entry.pid, entry);
    }
  }
  return [...found.values()];
}

function pids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Undefined for a process that has ended meanwhile. */
function entryOf(pid: number): Entry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Behind the name, which may hold anything: state, parent …; the resident size is the 22nd from there.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), residentPages: Number(fields[21]) };
  } catch {
    return undefined;
  }
}

function proportionalSize(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    return Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1] ?? 0) * KIB;
  } catch {
    return 0;
  }
}
