import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { auditDocument } from '../../../src/command/policy/document.js';
import { Emulator } from '../../../src/emulator/index.js';
import { command } from '../audit.js';
import { type Outcome, run } from '../command.js';
import { Iam } from '../iam/iam.js';
import { type Moto, startMoto } from '../moto.js';
import { repository } from '../provider-build.js';
import { terraformBinary } from '../tools.js';
import { startStateServer, type StateServer } from './state-server.js';

export const BUCKET = 'my-uploads';

/**
 * What a CI system runs jobs on: each in an empty folder, with Terraform, and with `npm` and `npx` that find this
 * repository's build and example instead of asking a registry. The state lies elsewhere.
 */
export class Runner {
  readonly #scratch = mkdtempSync(join(tmpdir(), 'pipeline-'));

  private constructor(
    private readonly example: string,
    readonly emulator: Emulator,
    private readonly moto: Moto,
    readonly states: StateServer,
  ) {
    const bin = join(this.#scratch, 'bin');
    mkdirSync(bin);
    // Under the name by which the files call it, whatever the engine.
    this.#program('terraform', `exec "${terraformBinary()}" "$@"`);
    this.#program(
      'npm',
      `case "$*" in
ci) ;;
"run synth") exec node "${join(repository, 'scripts/run-example.mjs')}" ${this.example} ;;
*) echo "npm $* is not known here" >&2; exit 1 ;;
esac`,
    );
    this.#program(
      'npx',
      `case "$1" in
lightsail-access-key) shift; exec "${command}" "$@" ;;
*) echo "npx $* is not known here" >&2; exit 1 ;;
esac`,
    );
  }

  static async open(example: string): Promise<Runner> {
    const region = 'eu-central-1';
    // What the files tell their readers to attach to the roles.
    const iam = new Iam(region);
    iam.attach(auditDocument());
    iam.grant('--destination', 'ssm-parameter', '--name', '/uploads/key');
    const [emulator, moto, states] = await Promise.all([
      Emulator.start({ buckets: [BUCKET], region, authorize: iam.authorize }),
      startMoto(),
      startStateServer(),
    ]);
    return new Runner(example, emulator, moto, states);
  }

  async close(): Promise<void> {
    await Promise.all([this.emulator.close(), this.moto.stop(), this.states.close()]);
    rmSync(this.#scratch, { recursive: true, maxRetries: 10 });
  }

  /** An empty folder. */
  folder(name: string): string {
    return mkdtempSync(join(this.#scratch, `${name}-`));
  }

  /** Begins a job in a folder of its own: without a home, as in many containers, and without a Region. */
  job(): Job {
    const credentials = Object.entries(this.emulator.env).filter(([name]) => name !== 'AWS_REGION');
    const env = {
      PATH: [join(this.#scratch, 'bin'), process.env.PATH].join(':'),
      TMPDIR: this.#scratch,
      TF_IN_AUTOMATION: 'true',
      CHECKPOINT_DISABLE: '1',
      NO_COLOR: '1',
      TF_CLI_ARGS: '-no-color',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL_SSM: this.moto.url,
      ...Object.fromEntries(credentials),
    };
    return new Job(this.folder('job'), env);
  }

  #program(name: string, script: string): void {
    const path = join(this.#scratch, 'bin', name);
    writeFileSync(path, `#!/usr/bin/env bash\n${script}\n`);
    chmodSync(path, 0o755);
  }
}

export class Job {
  /** What lay there once its commit was checked out, by path: a digest of each file. */
  checkedOut: Readonly<Record<string, string>> = {};

  constructor(
    readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** As GitHub (`shell: bash`) and GitLab run what a file says. */
  shell(script: string, env: Readonly<Record<string, string>>): Promise<Outcome> {
    return run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: this.folder,
      env: { ...this.env, ...env },
    });
  }

  /** A file that the job has left; null where it has not. */
  file(name: string): string | null {
    const path = resolve(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  }
}
