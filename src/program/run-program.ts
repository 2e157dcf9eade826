import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** How a program ended. What it printed may hold the secret: redact it before anybody sees it. */
export interface Ending {
  readonly ended: 'exited' | 'timed-out' | 'stopped' | 'not-started';
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last part of each; the first part is lost when there was much. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramLimits {
  readonly milliseconds: number;
  /** After SIGTERM, until SIGKILL. */
  readonly graceMilliseconds: number;
}

export interface ProgramSurroundings {
  /** What it reads on its standard input. Default: nothing. */
  readonly input?: string;
  /** Its whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends it as the time limit does. Default: only the time limit. */
  readonly stop?: AbortSignal;
}

const LARGEST_OUTPUT = 64 * 1024;
/** A grandchild may keep the pipes open after the program has ended; what it prints then is nobody's business. */
const OUTPUT_PAUSE = 500;

/**
 * Runs a program to its end without a shell. It becomes the leader of a process group of its own, so that the time
 * limit ends what it has started as well, and Ctrl-C in the terminal does not cut off a write. Never rejects.
 */
export function runProgram(
  argv: readonly string[],
  limits: ProgramLimits,
  { input = '', env, stop }: ProgramSurroundings,
): Promise<Ending> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const stdout = new Tail();
    const stderr = new Tail();
    let ended: Ending['ended'] = 'exited';
    let timers: NodeJS.Timeout[] = [];
    const finish = (status: number | null, signal: NodeJS.Signals | null) => {
      timers.forEach(clearTimeout);
      stop?.removeEventListener('abort', onStop);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ ended, status, signal, stdout: stdout.text(), stderr: stderr.text() });
    };

    let child: ChildProcessWithoutNullStreams;
    try {
      child = spawn(program, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    } catch (error) {
      // Thrown at once: a NUL byte in an argument, or more of them than the system takes.
      const why = error instanceof Error ? error.message : String(error);
      resolve({ ended: 'not-started', status: null, signal: null, stdout: '', stderr: why });
      return;
    }
    child.on('error', (error) => {
      ended = 'not-started';
      stderr.add(Buffer.from(error.message));
      finish(null, null);
    });
    child.stdout.on('data', (part: Buffer) => {
      stdout.add(part);
    });
    child.stderr.on('data', (part: Buffer) => {
      stderr.add(part);
    });
    child.on('exit', (status, signal) => {
      timers.forEach(clearTimeout);
      stop?.removeEventListener('abort', onStop);
      if (ended !== 'exited') killGroup(child, 'SIGKILL');
      timers = [setTimeout(finish, OUTPUT_PAUSE, status, signal)];
    });
    child.on('close', finish);
    // A program that does not read its input closes the pipe: its exit status says whether that was right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);

    const end = (why: 'timed-out' | 'stopped') => {
      if (ended !== 'exited') return;
      ended = why;
      killGroup(child, 'SIGTERM');
      timers.push(setTimeout(killGroup, limits.graceMilliseconds, child, 'SIGKILL'));
    };
    const onStop = () => {
      end('stopped');
    };
    timers.push(setTimeout(end, limits.milliseconds, 'timed-out'));
    if (stop?.aborted) onStop();
    else stop?.addEventListener('abort', onStop);
  });
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

class Tail {
  #parts: Buffer[] = [];

  add(part: Buffer): void {
    this.#parts.push(part);
    if (this.#parts.length > 64) this.#parts = [this.#last()];
  }

  text(): string {
    return this.#last().toString('utf8');
  }

  #last(): Buffer {
    const all = Buffer.concat(this.#parts);
    return all.subarray(Math.max(0, all.length - LARGEST_OUTPUT));
  }
}
