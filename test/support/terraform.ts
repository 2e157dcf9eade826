import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Outcome, run, start, succeeds } from './command.js';
import { providerFolder, readManifest } from './provider-build.js';
import { mirrorIn } from './provider-mirror.js';
import { terraformBinary } from './tools.js';

export type { Outcome } from './command.js';

export interface TerraformOptions {
  /** Files to write into the working folder, by name: `{ 'main.tf': '…' }`. */
  readonly files?: Readonly<Record<string, string>>;
  /** An existing working folder, such as a synthesized stack; it brings its own provider and is left in place. */
  readonly folder?: string;
  /** Added to every command's environment. Nothing of the machine's environment but PATH gets through by itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** Makes hashicorp/aws installable, from the mirror that TF_PROVIDER_MIRROR names. */
  readonly awsProvider?: boolean;
}

/** The parts of `terraform show -json` that tests read. */
export interface ShownState {
  readonly values?: {
    readonly outputs?: Readonly<Record<string, { readonly sensitive: boolean; readonly value: unknown }>>;
    readonly root_module: { readonly resources?: readonly ShownResource[] };
  };
}
export interface ShownResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly tainted?: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A state as it is stored, of which tests look at resources without `count` and `for_each`. */
interface StoredState {
  readonly resources?: readonly {
    readonly module?: string;
    readonly mode: 'managed' | 'data';
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly status?: string;
      readonly attributes: Readonly<Record<string, unknown>>;
    }[];
  }[];
}
export interface StoredResource {
  readonly tainted?: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * A real Terraform (or OpenTofu) in a folder of its own with the built provider in `terraform.d/plugins`.
 *
 * @example
 * const terraform = await Terraform.create({ files: { 'main.tf': hcl }, env: emulator.env });
 * await terraform.succeeds('init');
 * const outcome = await terraform.apply();
 * await terraform.cleanup();
 */
export class Terraform {
  private constructor(
    /** Holds everything, to be removed at the end: HOME, the CLI configuration, and mostly the working folder. */
    private readonly scratch: string,
    /** Where Terraform runs. */
    readonly folder: string,
    /** The whole environment of every command; a test may change it between two commands. */
    readonly env: Record<string, string>,
  ) {}

  static async create(options: TerraformOptions = {}): Promise<Terraform> {
    // realpath: macOS's temporary folder is a symbolic link, and messages name the real one.
    const scratch = await realpath(await mkdtemp(join(tmpdir(), 'lightsail-access-key-')));
    const folder = options.folder ?? join(scratch, 'stack');
    const home = join(scratch, 'home');
    const temporary = join(scratch, 'tmp');
    await Promise.all([mkdir(folder, { recursive: true }), mkdir(home), mkdir(temporary)]);
    if (options.folder === undefined) await placeProvider(folder);
    const configFile = join(scratch, 'terraform.rc');
    if (options.awsProvider)
      await writeFile(configFile, mirrorConfiguration(await mirrorIn(scratch), folder));
    const terraform = new Terraform(scratch, folder, {
      PATH: process.env.PATH ?? '',
      HOME: home,
      // A provider that is killed leaves its socket there.
      TMPDIR: temporary,
      // Otherwise none at all, in an empty HOME: that is what most users have, and Terraform's defaults hold.
      // Half of what hashicorp/aws computes is the collection of what its schema has left: a third less in all.
      ...(options.awsProvider && { TF_CLI_CONFIG_FILE: configFile, GOGC: '400' }),
      TF_IN_AUTOMATION: 'true',
      TF_INPUT: 'false',
      CHECKPOINT_DISABLE: '1',
      // No test may ask the network for credentials.
      AWS_EC2_METADATA_DISABLED: 'true',
      ...options.env,
    });
    for (const [name, content] of Object.entries(options.files ?? {})) await terraform.write(name, content);
    return terraform;
  }

  /** Writes a file of the working folder, its folders included. */
  async write(name: string, content: string): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  /** Starts a command and leaves it running, for tests that interrupt or kill it. */
  start(...args: string[]): { readonly process: ChildProcess; readonly outcome: Promise<Outcome> } {
    return start(terraformBinary(), args, { cwd: this.folder, env: this.env });
  }

  /** Runs a command to its end and returns its outcome, whatever it is. */
  run(...args: string[]): Promise<Outcome> {
    return run(terraformBinary(), args, { cwd: this.folder, env: this.env });
  }

  /** Runs a command that has to work: anything but exit status 0 throws with all that Terraform said. */
  succeeds(...args: string[]): Promise<Outcome> {
    return succeeds(terraformBinary(), args, { cwd: this.folder, env: this.env });
  }

  init(...args: string[]): Promise<Outcome> {
    return this.run('init', '-no-color', ...args);
  }

  plan(...args: string[]): Promise<Outcome> {
    return this.run('plan', '-no-color', ...args);
  }

  apply(...args: string[]): Promise<Outcome> {
    return this.run('apply', '-auto-approve', '-no-color', ...args);
  }

  destroy(...args: string[]): Promise<Outcome> {
    return this.run('destroy', '-auto-approve', '-no-color', ...args);
  }

  /** The state, or the saved plan named in the arguments, as `terraform show -json` gives it. */
  async show<Shown = ShownState>(...args: string[]): Promise<Shown> {
    return JSON.parse((await this.succeeds('show', '-json', ...args)).stdout) as Shown;
  }

  /** One managed resource of the root module as the state has it; undefined when it is not there. */
  async resource(address: string): Promise<StoredResource | undefined> {
    // Not from `show`, which starts every provider to ask for its schema.
    const { stdout } = await this.succeeds('state', 'pull');
    const { resources = [] } = JSON.parse(stdout || '{}') as StoredState;
    const found = resources.find(
      ({ module, mode, type, name }) =>
        module === undefined && mode === 'managed' && `${type}.${name}` === address,
    );
    const [instance] = found?.instances ?? [];
    return (
      instance && { values: instance.attributes, ...(instance.status === 'tainted' && { tainted: true }) }
    );
  }

  /** Removes what {@link create} made. */
  async cleanup(): Promise<void> {
    // A provider whose Terraform was killed may be at its last step still.
    await rm(this.scratch, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Lays the built provider where Terraform finds it without any configuration. */
async function placeProvider(folder: string): Promise<void> {
  const { source, version } = readManifest();
  const versionFolder = join(folder, 'terraform.d/plugins', source, version);
  await mkdir(versionFolder, { recursive: true });
  await symlink(providerFolder, join(versionFolder, thisPlatform()));
}

/** Terraform's name for the machine that runs the tests. */
export function thisPlatform(): string {
  return `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
}

/** Any `provider_installation` block switches Terraform's default folders off, so ours is named here as well. */
function mirrorConfiguration(mirror: string, folder: string): string {
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    exclude = ["npm.invalid/*/*"]
  }
  filesystem_mirror {
    path    = ${JSON.stringify(join(folder, 'terraform.d/plugins'))}
    include = ["npm.invalid/*/*"]
  }
}
`;
}
