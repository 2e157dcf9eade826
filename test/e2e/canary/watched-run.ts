import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Emulator, type EmulatorCredentials } from '../../../src/emulator/index.js';
import { type Edition } from '../../support/reliability/edition.js';
import { childrenOf } from '../../support/reliability/processes.js';
import { strike } from '../../support/reliability/strike.js';
import { providerHead } from '../../support/stack.js';
import { type Outcome, Terraform, thisPlatform } from '../../support/terraform.js';
import { type Exhibits, exhibitsIn } from './scan.js';

/** Who calls Lightsail; its secrets must not be printed either. */
export const CALLER: Required<EmulatorCredentials> = {
  accessKeyId: 'AKIACANARYCALLER0000',
  secretAccessKey: 'caller/secret+that=nobody/prints+00000000',
  sessionToken: 'caller-token/that+nobody=prints/0000000000000000',
};

/** A Terraform at its most talkative, of which everything is kept, and an emulator that remembers every secret. */
export class WatchedRun {
  readonly secrets: string[] = [];
  readonly printed: Exhibits = new Map();
  readonly #processes = new Map<string, Buffer>();

  private constructor(
    readonly emulator: Emulator,
    readonly scratch: string,
    readonly terraform: Terraform,
    private readonly version: string,
  ) {
    emulator.onCall((point, { operation, bucket, accessKeyId }) => {
      if (point !== 'effect-done' || operation !== 'CreateBucketAccessKey' || !bucket) return;
      const key = emulator.keys(bucket).find((made) => made.accessKeyId === accessKeyId);
      if (key) this.secrets.push(key.secretAccessKey);
    });
  }

  static async begin(edition: Edition, env: Readonly<Record<string, string>> = {}): Promise<WatchedRun> {
    const scratch = await realpath(await mkdtemp(join(tmpdir(), 'canary-')));
    const { source, version } = edition.manifest;
    const plugins = join(scratch, 'stack/terraform.d/plugins', source, version);
    for (const folder of [plugins, join(scratch, 'tmp'), join(scratch, 'home')])
      await mkdir(folder, { recursive: true });
    await symlink(edition.package, join(plugins, thisPlatform()));
    const emulator = await Emulator.start({ buckets: ['uploads', 'others'], credentials: [CALLER] });
    const terraform = await Terraform.create({
      folder: join(scratch, 'stack'),
      env: {
        HOME: join(scratch, 'home'),
        TMPDIR: join(scratch, 'tmp'),
        TF_LOG: 'TRACE',
        TF_LOG_PROVIDER: 'TRACE',
        TF_LOG_PATH: join(scratch, 'trace.log'),
        NODE_OPTIONS: '--inspect=127.0.0.1:0 --report-on-signal --report-uncaught-exception',
        NODE_DEBUG: 'http,https,net,tls,http2',
        AWS_REGION: emulator.region,
        AWS_ENDPOINT_URL_LIGHTSAIL: emulator.url,
        AWS_ENDPOINT_URL_S3: emulator.url,
        LIGHTSAIL_S3_SPREAD_MS: '0',
        ...env,
      },
    });
    return new WatchedRun(emulator, scratch, terraform, version);
  }

  async configure(hcl: string): Promise<void> {
    const { accessKeyId, secretAccessKey, sessionToken } = CALLER;
    const provider = `provider "lightsail" {
  access_key   = "${accessKeyId}"
  secret_key   = "${secretAccessKey}"
  token        = "${sessionToken}"
  max_attempts = 1
}`;
    await this.terraform.write('main.tf', `${providerHead(this.version)}\n${provider}\n${hcl}`);
  }

  /** Runs a command while its processes are looked at from outside. */
  async run(...args: string[]): Promise<Outcome> {
    const older = await processes();
    return this.#watched(args, older, this.terraform.run(...args));
  }

  /** The same, but with the provider killed at its first call of that name. */
  async runUntil(operation: string, ...args: string[]): Promise<Outcome> {
    const older = await processes();
    const { process: terraform, outcome } = this.terraform.start(...args);
    const stop = this.emulator.onCall(async (point, call) => {
      if (point !== 'received' || call.operation !== operation) return;
      stop();
      await strike('SIGKILL provider', { terraform, providers: childrenOf(terraform.pid ?? 0) });
    });
    try {
      return await this.#watched(args, older, outcome);
    } finally {
      stop();
    }
  }

  /** `older`: the processes from before the command. */
  async #watched(
    args: readonly string[],
    older: ReadonlySet<string>,
    running: Promise<Outcome>,
  ): Promise<Outcome> {
    const end = new AbortController();
    const sampling = this.#sampleUntil(end.signal, older);
    try {
      const outcome = await running;
      const name = `${this.printed.size} terraform ${args.join(' ')}`;
      this.printed.set(`${name} (stdout)`, Buffer.from(outcome.stdout));
      this.printed.set(`${name} (stderr)`, Buffer.from(outcome.stderr));
      return outcome;
    } finally {
      end.abort();
      await sampling;
    }
  }

  /** One look after the other: on a busy machine those that overlap would take longer than what they look for. */
  async #sampleUntil(end: AbortSignal, older: ReadonlySet<string>): Promise<void> {
    // The machine's others are a hundred: to read all of them so often would take longer than what they wait for.
    let others = older;
    while (!end.aborted) {
      const now = await processes();
      // A process that has ended leaves its number to another one.
      others = new Set([...others].filter((pid) => now.has(pid)));
      for (const pid of now) if (!others.has(pid)) await this.#look(pid);
      await sleep(30);
    }
  }

  /** Everything that there is now, and that was printed so far. */
  exhibits(): Exhibits {
    return new Map([...exhibitsIn(this.scratch), ...this.printed, ...this.#processes]);
  }

  get processesSeen(): number {
    return this.#processes.size;
  }

  /** The arguments and the environment of a process, if this run has started it. */
  async #look(pid: string): Promise<void> {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`).catch(() => Buffer.alloc(0));
    const environment = await read('environ');
    if (!environment.includes(this.scratch)) return;
    this.#processes.set(`process ${pid} (environment)`, environment);
    const command = await read('cmdline');
    // It may have ended in between.
    if (command.length > 0) this.#processes.set(`process ${pid} (arguments)`, command);
  }

  async end(): Promise<void> {
    await this.terraform.cleanup();
    await this.emulator.close();
    await rm(this.scratch, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** The numbers of all that run. */
async function processes(): Promise<Set<string>> {
  return new Set((await readdir('/proc')).filter((name) => /^\d+$/.test(name)));
}
