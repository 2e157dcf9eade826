import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { EmulatorControl } from '../control/client.js';
import type { EmulatorOptions } from '../options.js';

/** What an emulator in a process of its own can be given: all but functions. */
export type EmulatorProcessOptions = Omit<EmulatorOptions, 'authorize' | 'now'>;

/** The first and only message to that process. */
export interface Start {
  readonly start: EmulatorProcessOptions;
}

/** The first and only message from it. */
export type Started =
  | { readonly url: string; readonly region: string; readonly env: Readonly<Record<string, string>> }
  | { readonly failure: string };

/** An emulator in a process of its own, which answers even while this one waits for a program. */
export class EmulatorProcess extends EmulatorControl {
  /** The Region of {@link env}. */
  readonly region: string;
  /** What Terraform needs in its environment to talk to this emulator instead of AWS. */
  readonly env: Readonly<Record<string, string>>;
  readonly #child: ChildProcess;

  /** Made by {@link startEmulator}. */
  constructor(child: ChildProcess, { url, region, env }: Exclude<Started, { failure: string }>) {
    super(url);
    this.#child = child;
    this.region = region;
    this.env = env;
  }

  /** The ID of its process. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the process and waits until it is gone; does nothing where it is. */
  async close(): Promise<void> {
    await end(this.#child);
  }
}

/**
 * Starts an emulator in a process of its own, so that a test may run Terraform synchronously beside it: by
 * `execFileSync`, or by a matcher such as `toPlanSuccessfully`. The process ends with `close()`, and at the latest
 * with the one that has started it, however that ends; it does not keep it alive.
 *
 * It takes the options of `Emulator.start` but `authorize` and `now`. It fails where the emulator cannot listen.
 *
 * @example
 * const emulator = await startEmulator({ buckets: ['uploads'] });
 * execFileSync('terraform', ['apply', '-auto-approve'], { env: { ...process.env, ...emulator.env } });
 * const [key] = await emulator.keys('uploads');
 * await emulator.close();
 */
export async function startEmulator(options: EmulatorProcessOptions = {}): Promise<EmulatorProcess> {
  // The starter's own loaders, inspectors and conditions are no business of the emulator.
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  const child = fork(join(__dirname, 'main.js'), [], { execArgv: [], env, stdio: ['ignore', 2, 2, 'ipc'] });
  const started = await firstWord(child, { start: options });
  if ('failure' in started) {
    await end(child);
    throw new Error(`The emulator did not start: ${started.failure}`);
  }
  // Only now: until then the starter waits for it.
  child.unref();
  child.channel?.unref();
  return new EmulatorProcess(child, started);
}

function firstWord(child: ChildProcess, start: Start): Promise<Started> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve({ failure: `its process ended with ${signal ?? `status ${code}`}.` });
    });
    child.once('message', resolve);
    child.send(start, (error) => {
      if (error) resolve({ failure: error.message });
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = once(child, 'exit');
  if (child.connected) child.disconnect();
  await gone;
}
