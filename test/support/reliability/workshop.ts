import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providerHead } from '../stack.js';
import { Terraform, thisPlatform } from '../terraform.js';
import type { Edition } from './edition.js';

const STATE = 'terraform.tfstate';
/** Where the stacks' secret files go, relative to the working folder. */
const OUT = 'out';
/** What the provider has noted of the keys of runs. */
const NOTES = '.terraform/lightsail-access-key';

/** A working folder that is initialised once and used for one stack after another. */
export class Workshop {
  private constructor(
    readonly terraform: Terraform,
    private readonly scratch: string,
    private readonly version: string,
  ) {}

  static async open(edition: Edition, env: Readonly<Record<string, string>>): Promise<Workshop> {
    const { source, version } = edition.manifest;
    const scratch = await realpath(await mkdtemp(join(tmpdir(), 'lightsail-access-key-workshop-')));
    const folder = join(scratch, 'stack');
    const plugins = join(folder, 'terraform.d/plugins', source, version);
    await mkdir(plugins, { recursive: true });
    await symlink(edition.package, join(plugins, thisPlatform()));
    const workshop = new Workshop(await Terraform.create({ folder, env }), scratch, version);
    await workshop.configure('');
    await workshop.terraform.succeeds('init');
    await workshop.clear();
    return workshop;
  }

  /** Another working folder with the same provider, already initialised. */
  async twin(name: string): Promise<Workshop> {
    const folder = join(this.scratch, name);
    await mkdir(folder);
    for (const part of ['.terraform', '.terraform.lock.hcl', 'main.tf']) {
      await cp(join(this.terraform.folder, part), join(folder, part), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
    const twin = new Workshop(
      await Terraform.create({ folder, env: this.terraform.env }),
      folder,
      this.version,
    );
    await twin.clear();
    return twin;
  }

  get out(): string {
    return join(this.terraform.folder, OUT);
  }

  async configure(body: string): Promise<void> {
    await this.terraform.write('main.tf', `${providerHead(this.version)}\n${body}\n`);
  }

  /** Forgets the last stack, as if it had never been. */
  async clear(): Promise<void> {
    const names = await partsIn(this.terraform.folder);
    await Promise.all(names.map((name) => rm(join(this.terraform.folder, name), { recursive: true })));
    await mkdir(this.out);
  }

  /** Answers how to make the last stack's files as they are now, as often as that is wanted. */
  async keep(): Promise<() => Promise<void>> {
    const { folder } = this.terraform;
    const kept = await mkdtemp(join(this.scratch, 'kept-'));
    const copy = async (from: string, to: string) => {
      const names = await partsIn(from);
      await Promise.all(names.map((name) => cp(join(from, name), join(to, name), AS_IT_IS)));
    };
    await copy(folder, kept);
    return async () => {
      await this.clear();
      await copy(kept, folder);
    };
  }

  /** The state as its file says it. */
  state(): Promise<string> {
    return readFile(join(this.terraform.folder, STATE), 'utf8');
  }

  async setState(text: string): Promise<void> {
    await writeFile(join(this.terraform.folder, STATE), text, { mode: 0o600 });
  }

  /** Names of everything that lies in the destinations' folder. */
  outputs(): Promise<string[]> {
    return readdir(this.out);
  }

  /** A secret's file as it is; null when there is none. */
  async output(name: string): Promise<string | null> {
    return readFile(join(this.out, name), 'utf8').catch(() => null);
  }

  async put(name: string, text: string): Promise<void> {
    await writeFile(join(this.out, name), text, { mode: 0o600 });
  }

  async close(): Promise<void> {
    await this.terraform.cleanup();
    await rm(this.scratch, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Files keep their modes and times, which a journal may go by. */
const AS_IT_IS = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };

/** What a folder has of the last stack. */
async function partsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.includes('tfstate') || name === OUT);
  return existsSync(join(folder, NOTES)) ? [...names, NOTES] : names;
}
