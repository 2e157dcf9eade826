import { type ChildProcess, spawn } from 'node:child_process';
import { Deviation, type Narrator } from './narrator.js';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the commands of the demo, one at a time, and keeps all that they said. */
export class Commands {
  #transcript = '';
  #running: ChildProcess | undefined;
  readonly #stop = new AbortController();

  constructor(
    private readonly narrator: Narrator,
    /** Added to the environment of every command. */
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** All that every command has printed so far. */
  get transcript(): string {
    return this.#transcript;
  }

  /** As a shell would run it. */
  shell(line: string, folder: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    return this.#expect(0, line, () => spawn(line, { ...this.#options(folder, env), shell: true }));
  }

  /** Any other exit status than the expected one is a deviation, shown with all that the command said. */
  run(program: string, args: readonly string[], folder: string, status = 0): Promise<string> {
    const line = [program.replace(/^.*\//, ''), ...args].join(' ');
    return this.#expect(status, line, () => spawn(program, args, this.#options(folder)));
  }

  /** Asks the running command to stop, which it does in its own way, and lets no other begin. */
  stop(): void {
    this.#stop.abort(new Error('The demo was stopped.'));
    this.#running?.kill('SIGINT');
  }

  #options(folder: string, env: NodeJS.ProcessEnv = {}) {
    return {
      cwd: folder,
      env: { ...process.env, ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    };
  }

  async #expect(status: number, line: string, start: () => ChildProcess): Promise<string> {
    this.#stop.signal.throwIfAborted();
    this.narrator.command(line);
    this.#running = start();
    const { code, stdout, stderr } = await outcomeOf(this.#running);
    this.#running = undefined;
    this.#transcript += stdout + stderr;
    this.#stop.signal.throwIfAborted();
    if (code === status) return stdout;
    throw new Deviation(
      `${line} ends with exit status ${status}`,
      `${code === null ? 'a signal' : `exit status ${code}`}, and it said:\n${stdout}${stderr}`,
    );
  }
}

function outcomeOf(child: ChildProcess): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
