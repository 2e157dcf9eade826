import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providerHead } from '../stack.js';
import { Terraform, thisPlatform } from '../terraform.js';
import type { Edition } from './edition.js';

const STATE = 'terraform.tfstate';
/** Where the stacks' secret files go, relative to the working folder. */
const OUT = 'out';

/** The files that stand for one moment of a stack's life: its state and its destinations. */
export type Snapshot = Readonly<Record<string, string>>;

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
    const names = await readdir(this.terraform.folder);
    const old = names.filter((name) => name.includes('tfstate') || name === OUT);
    await Promise.all(old.map((name) => rm(join(this.terraform.folder, name), { recursive: true })));
    await mkdir(this.out);
  }

  async snapshot(): Promise<Snapshot> {
    const names = [STATE, ...(await this.outputs()).map((name) => join(OUT, name))];
    const texts = names.map(async (name) => [
      name,
      await readFile(join(this.terraform.folder, name), 'utf8'),
    ]);
    return Object.fromEntries(await Promise.all(texts)) as Snapshot;
  }

  /** Puts a moment of another stack's life here. */
  async restore(snapshot: Snapshot): Promise<void> {
    for (const [name, text] of Object.entries(snapshot)) {
      await writeFile(join(this.terraform.folder, name), text, { mode: 0o600 });
    }
  }

  async stateIsEmpty(): Promise<boolean> {
    return (await readFile(join(this.terraform.folder, STATE), 'utf8')).trim() === '';
  }

  /** Names of everything that lies in the destinations' folder. */
  outputs(): Promise<string[]> {
    return readdir(this.out);
  }

  /** A secret's file as it is; null when there is none. */
  async output(name: string): Promise<string | null> {
    return readFile(join(this.out, name), 'utf8').catch(() => null);
  }

  async close(): Promise<void> {
    await this.terraform.cleanup();
    await rm(this.scratch, { recursive: true, force: true });
  }
}
