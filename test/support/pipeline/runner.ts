import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  #jobs = 0;

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
    this.#program('npm', 'test "$*" = ci');
    this.#program(
      'npx',
      `case "$1 $2" in
"cdktf synth") exec node "${join(repository, 'scripts/run-example.mjs')}" ${this.example} ;;
"lightsail-access-key "*) shift; exec "${command}" "$@" ;;
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
    rmSync(this.#scratch, { recursive: true });
  }

  /** Begins a job in a folder of its own. */
  job(): Job {
    this.#jobs += 1;
    const folder = join(this.#scratch, `job-${this.#jobs}`);
    mkdirSync(folder);
    const env = {
      PATH: [join(this.#scratch, 'bin'), process.env.PATH].join(':'),
      HOME: this.#scratch,
      TMPDIR: this.#scratch,
      TF_IN_AUTOMATION: 'true',
      CHECKPOINT_DISABLE: '1',
      NO_COLOR: '1',
      TF_CLI_ARGS: '-no-color',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL_SSM: this.moto.url,
      ...this.emulator.env,
    };
    return new Job(folder, env);
  }

  #program(name: string, script: string): void {
    const path = join(this.#scratch, 'bin', name);
    writeFileSync(path, `#!/usr/bin/env bash\n${script}\n`);
    chmodSync(path, 0o755);
  }
}

export class Job {
  constructor(
    readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** As GitHub (`shell: bash`) and GitLab run what a file says. */
  shell(script: string, env: Readonly<Record<string, string>>, folder = '.'): Promise<Outcome> {
    return run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: join(this.folder, folder),
      env: { ...this.env, ...env },
    });
  }

  /** A file that the job has left; null where it has not. */
  file(name: string): string | null {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  }
}
