import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, signal } from './processes.js';

/** Who is ended, and how. */
export const STRIKES = [
  'SIGKILL provider',
  'SIGKILL Terraform',
  'SIGKILL Terraform, then provider',
  'SIGKILL provider, then Terraform',
  'Ctrl-C',
  'Ctrl-C twice',
] as const;
export type Strike = (typeof STRIKES)[number];

/** Many times of what it takes. */
const DEATH = 60_000;
/** Terraform tells its user that it has taken the signal. */
const HEARD = 'nterrupt received';

/** A started Terraform with the providers that it runs now. */
export interface Target {
  readonly terraform: ChildProcess;
  readonly providers: readonly number[];
}

/** Returns when the stroke has taken effect, so that the call which waits for it goes on in the world after it. */
export async function strike(kind: Strike, { terraform, providers }: Target): Promise<void> {
  const killProvider = () => kill(providers);
  const killTerraform = () => kill(terraform.pid === undefined ? [] : [terraform.pid]);
  switch (kind) {
    case 'SIGKILL provider':
      return killProvider();
    case 'SIGKILL Terraform':
      return killTerraform();
    case 'SIGKILL Terraform, then provider':
      await killTerraform();
      return killProvider();
    case 'SIGKILL provider, then Terraform':
      // In one breath: Terraform writes its state as soon as it misses the provider.
      return kill([...providers, ...(terraform.pid === undefined ? [] : [terraform.pid])]);
    case 'Ctrl-C':
      return interrupt(terraform, providers);
    case 'Ctrl-C twice':
      await interrupt(terraform, providers);
      if (terraform.exitCode !== null) return;
      terraform.kill('SIGINT');
      await Promise.race([once(terraform, 'exit'), sleep(DEATH, undefined, { ref: false })]);
  }
}

async function kill(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGKILL');
  const left = await ended(pids, DEATH);
  if (left.length > 0) throw new Error(`SIGKILL did not end ${left.join(', ')}.`);
}

/** The terminal sends the signal to the whole process group. */
async function interrupt(terraform: ChildProcess, providers: readonly number[]): Promise<void> {
  const heard = new Promise<void>((resolve) => {
    terraform.stdout?.on('data', (text: string) => {
      if (text.includes(HEARD)) resolve();
    });
    terraform.once('exit', () => {
      resolve();
    });
  });
  terraform.kill('SIGINT');
  for (const pid of providers) signal(pid, 'SIGINT');
  // Terraform may be past the point where it listens; then the run ends as if nothing had been.
  await Promise.race([heard, sleep(10_000, undefined, { ref: false })]);
}
