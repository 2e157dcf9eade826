import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Commands } from './commands.js';

/** The synthesized quickstart: its folder, and Terraform run in it. */
export class Stack {
  private constructor(
    private readonly commands: Commands,
    private readonly binary: string,
    readonly folder: string,
  ) {}

  /** Runs the `app` of cdktf.json as `cdktf synth` does. */
  static async synthesize(
    { commands, terraform, root }: { commands: Commands; terraform: string; root: string },
    outdir: string,
    env: NodeJS.ProcessEnv,
  ): Promise<Stack> {
    const { app } = await readJson<{ app: string }>(join(root, 'cdktf.json'));
    await commands.shell(app, root, { ...env, CDKTF_OUTDIR: outdir });
    const { stacks } = await readJson<Manifest>(join(outdir, 'manifest.json'));
    const [stack, ...others] = Object.values(stacks);
    if (!stack || others.length > 0) throw new Error('examples/quickstart should have exactly one stack.');
    return new Stack(commands, terraform, join(outdir, stack.workingDirectory));
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** Runs a Terraform command that should end with this exit status; answers what it printed. */
  terraform(args: readonly string[], status = 0): Promise<string> {
    const [command = '', ...options] = args;
    return this.commands.run(this.binary, [command, '-no-color', ...options], this.folder, status);
  }

  async output(name: string): Promise<string> {
    return (await this.terraform(['output', '-raw', name])).trim();
  }
}

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly workingDirectory: string }>>;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
