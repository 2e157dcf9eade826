import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../src/emulator/index.js';
import { succeeds } from './command.js';
import { repository } from './provider-build.js';
import { type Pair, useOnS3 } from './s3-consumer.js';
import { unwrap } from './stack.js';
import { outputFolder } from './synthesis.js';
import { Terraform } from './terraform.js';

/** The bucket that the examples name when nobody says otherwise. */
export const BUCKET = 'my-uploads';

export interface ExampleOptions {
  /** What the reader of the example would export, beside what the emulator needs. */
  readonly env?: Readonly<Record<string, string>>;
  readonly awsProvider?: boolean;
  /** Buckets that exist before. Default: the one that the examples name. */
  readonly buckets?: readonly string[];
  /** The file that is run, without `.ts`. Default: `main`. */
  readonly program?: string;
}

/** An example of this repository as its reader tries it: the code as it stands, and everything by the environment. */
export class Example {
  private constructor(
    readonly emulator: Emulator,
    readonly terraform: Terraform,
    /** Everything that the app and Terraform write, the state included. */
    readonly folder: string,
    private readonly name: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Synthesizes an example as its cdktf.json would; CDKTF keeps the local state where the app runs. */
  static async open(name: string, options: ExampleOptions = {}): Promise<Example> {
    const [outdir, emulator] = await Promise.all([
      outputFolder(),
      Emulator.start({ buckets: options.buckets ?? [BUCKET] }),
    ]);
    const env = { ...emulator.env, ...options.env };
    try {
      await synthesize(`${name}/${options.program ?? 'main'}`, outdir, env);
      const folder = join(outdir, 'stacks', name);
      const terraform = await Terraform.create({ folder, env, awsProvider: options.awsProvider ?? false });
      return new Example(emulator, terraform, outdir, name, env);
    } catch (error) {
      await emulator.close();
      rmSync(outdir, { recursive: true });
      throw error;
    }
  }

  /** Synthesizes another program of the example into the same folder: the stack as it stands after a change. */
  synthesizeAgain(program: string): Promise<void> {
    return synthesize(`${this.name}/${program}`, this.folder, this.env);
  }

  async close(): Promise<void> {
    await Promise.all([this.terraform.cleanup(), this.emulator.close()]);
    rmSync(this.folder, { recursive: true, maxRetries: 10 });
  }

  /** Initialises and applies; answers what Terraform said. */
  async apply(): Promise<string> {
    await this.terraform.succeeds('init');
    return unwrap((await this.terraform.succeeds('apply', '-auto-approve', '-no-color')).stdout);
  }

  /** The exit status of another plan: 0 where nothing is left to do. */
  async planAgain(): Promise<{ code: number | null; said: string }> {
    const { code, stdout, stderr } = await this.terraform.plan('-detailed-exitcode');
    return { code, said: unwrap(stdout + stderr) };
  }

  /** Destroys without a warning; answers the addresses that are still in the state. */
  async destroy(): Promise<string[]> {
    const { stdout } = await this.terraform.succeeds('destroy', '-auto-approve', '-no-color');
    if (stdout.includes('Warning')) throw new Error(`The destruction warns: ${stdout}`);
    const left = (await this.terraform.succeeds('state', 'list')).stdout;
    return left.split('\n').filter((address) => address !== '');
  }

  /** An output of the stack, as a script would take it. */
  async output(name: string): Promise<string> {
    return (await this.terraform.succeeds('output', '-raw', name)).stdout;
  }

  /** The text of a file in the folder in which Terraform ran. */
  file(name: string): string {
    return readFileSync(join(this.terraform.folder, name), 'utf8');
  }

  /** The IDs of the bucket's keys. */
  keyIds(bucket = BUCKET): readonly string[] {
    return this.emulator.keys(bucket).map(({ accessKeyId }) => accessKeyId);
  }

  /** Signs a request on S3 with the pair as its consumer found it; throws what S3 has against it. */
  async use(pair: Pair, bucket = BUCKET): Promise<void> {
    if (!this.keyIds(bucket).includes(pair.accessKeyId))
      throw new Error(`${pair.accessKeyId} is no key of it.`);
    await useOnS3(this.emulator, bucket, pair);
  }
}

async function synthesize(
  program: string,
  outdir: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await succeeds(process.execPath, [join(repository, 'scripts/run-example.mjs'), program], {
    cwd: outdir,
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir, ...env },
  });
}
