import { readdirSync, readFileSync } from 'node:fs';

const INTERVAL_MS = 100;
const KIB = 1024;
const PROVIDER = /terraform-provider-|(?:start|provider)\.cjs/;

/**
 * The most memory that one provider process has had so far, in bytes of its resident size: the kernel keeps the peak,
 * so only a process that lives for less than 100 ms is missed. Linux only: elsewhere there is no answer.
 */
export function watchProviders(folder: string): { stop(): number | undefined } {
  if (process.platform !== 'linux') return { stop: () => undefined };
  let highest = 0;
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc')) {
      if (/^\d+$/.test(pid)) highest = Math.max(highest, peakOf(pid, folder));
    }
  }, INTERVAL_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return highest;
    },
  };
}

/** 0 for what is no provider of a stack in this folder, or has ended meanwhile. */
function peakOf(pid: string, folder: string): number {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    if (!PROVIDER.test(command)) return 0;
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    if (!environment.includes(`BENCH_STACK=${folder}\0`)) return 0;
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * KIB;
  } catch {
    return 0;
  }
}
