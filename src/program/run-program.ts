import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How a program ended. What it printed may hold the secret: redact it before anybody sees it. */
interface Ending {
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

interface ProgramSurroundings {
  /** What it reads on its standard input. Default: nothing. */
  readonly input?: string;
  /** Its whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends it as the time limit does. Default: only the time limit. */
  readonly stop?: AbortSignal;
}

const LARGEST_OUTPUT = 64 * 1024;
/** A grandchild may keep the pipes open after the program has ended; what it prints then is not read. */
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

/** What Terraform tells its plugins, and is for them alone. */
const OF_THE_PLUGIN = /^(TF_PLUGIN_MAGIC_COOKIE|PLUGIN_\w+)$/;

/**
 * What the author's program inherits: Terraform's environment, to which this project adds nothing. The provider's
 * launcher has put NODE_EXTRA_CA_CERTS aside under another name; a program written for Node gets it back.
 */
export function programEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { LIGHTSAIL_EXTRA_CA_CERTS: certificates, ...rest } = env;
  const inherited = Object.fromEntries(Object.entries(rest).filter(([name]) => !OF_THE_PLUGIN.test(name)));
  return certificates === undefined ? inherited : { ...inherited, NODE_EXTRA_CA_CERTS: certificates };
}

/** Why a program cannot be started, or null. It looks where the system does: on PATH, or at a path as it is. */
export async function missingProgram(name: string, path = process.env.PATH ?? ''): Promise<string | null> {
  if (name === '') return 'has no name';
  if (name.includes('/')) {
    const reason = await notExecutable(name);
    return reason === null
      ? null
      : `${reason} (relative paths count from the folder in which Terraform runs)`;
  }
  const folders = path.split(':').filter((folder) => folder !== '');
  let reason = `is in no folder of PATH (${folders.join(', ') || 'which is empty'})`;
  for (const folder of folders) {
    const found = await notExecutable(join(folder, name));
    if (found === null) return null;
    if (found !== ABSENT) reason = `${found} at ${join(folder, name)}`;
  }
  return reason;
}

const ABSENT = 'does not exist';

async function notExecutable(path: string): Promise<string | null> {
  try {
    const file = await stat(path);
    if (!file.isFile()) return 'is not a file';
    await access(path, constants.X_OK);
    return null;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return ['ENOENT', 'ENOTDIR'].includes(code) ? ABSENT : 'is not executable by this user';
  }
}

interface Telling {
  readonly limits: ProgramLimits;
  /** Takes secrets out of what the program printed. */
  readonly redact: (text: string) => string;
}

/**
 * How a program failed, in sentences; null for exit status 0. What it printed is redacted before it is cut, so that no
 * half secret remains.
 */
export function failureOf(
  argv: readonly string[],
  ending: Ending,
  { limits, redact }: Telling,
): string | null {
  if (ending.ended === 'exited' && ending.status === 0) return null;
  const how = {
    'timed-out': `did not end within ${limits.milliseconds / 1000} s and was stopped`,
    stopped: 'was stopped, as Terraform was interrupted',
    'not-started': 'could not be started',
    exited:
      ending.status === null
        ? `was ended by ${ending.signal ?? 'a signal'}`
        : `ended with exit status ${ending.status}`,
  }[ending.ended];
  const said = [
    ['standard error', ending.stderr],
    ['standard output', ending.stdout],
  ].flatMap(([name = '', text = '']) => {
    const excerpt = excerptOf(redact(text).trim());
    return excerpt === '' ? [] : [` Its ${name}: ${excerpt}`];
  });
  return `The program ${argv[0] ?? ''} ${how}.${said.join('')}`;
}

const LONGEST_EXCERPT = 1500;

function excerptOf(text: string): string {
  return text.length > LONGEST_EXCERPT ? `…${text.slice(-LONGEST_EXCERPT)}` : text;
}
