import { type ChildProcess, spawn } from 'node:child_process';

export interface Outcome {
  /** The exit status; null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** The whole environment; by default that of the tests. */
  readonly env?: NodeJS.ProcessEnv;
  /** In a process group of its own, to be signalled with all that it starts, as a terminal does. */
  readonly detached?: boolean;
}

/** Starts a program and leaves it running; its outcome comes when it ends. */
export function start(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): { readonly process: ChildProcess; readonly outcome: Promise<Outcome> } {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { process: child, outcome };
}

/** Runs a program to its end, whatever that is. */
export function run(program: string, args: readonly string[], options: CommandOptions): Promise<Outcome> {
  return start(program, args, options).outcome;
}

/** Runs a program that has to work: anything but exit status 0 throws with all that it said. */
export async function succeeds(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Outcome> {
  const outcome = await run(program, args, options);
  if (outcome.code !== 0) {
    const ended = outcome.code === null ? `signal ${outcome.signal ?? '?'}` : `status ${outcome.code}`;
    throw new Error(
      `${program} ${args.join(' ')} ended with ${ended}:\n${outcome.stdout}\n${outcome.stderr}`,
    );
  }
  return outcome;
}
