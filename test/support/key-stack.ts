import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../src/emulator/index.js';
import type { Pair } from './s3-consumer.js';
import { stack, toSaid } from './stack.js';
import type { Said } from './stack.js';
import { Terraform } from './terraform.js';

const KEY = 'lightsail_bucket_access_key.key';

/** The bucket `uploads` on an emulator of its own, and a stack that declares one key for it. */
export class KeyStack {
  private constructor(
    readonly emulator: Emulator,
    readonly terraform: Terraform,
  ) {}

  static async start(): Promise<KeyStack> {
    const emulator = await Emulator.start();
    emulator.createBucket('uploads');
    return new KeyStack(emulator, await Terraform.create({ env: emulator.env }));
  }

  /** A test with a stack of its own that declares this key: it may run beside others, which is for those that wait. */
  static alone<Case extends unknown[]>(
    key: string,
    play: (its: KeyStack, ...of: Case) => Promise<void>,
  ): (...of: Case) => Promise<void> {
    return async (...of) => {
      const its = await KeyStack.start();
      try {
        await its.declare(key);
        await its.terraform.succeeds('init');
        await play(its, ...of);
      } finally {
        await its.end();
      }
    };
  }

  /** Writes the configuration: the key's arguments beside `bucket_name`, and whatever stands beside the key. */
  async declare(key: string, more = '', bucket = 'uploads'): Promise<void> {
    await this.terraform.write('main.tf', stack({ key: `bucket_name = "${bucket}"\n  ${key}`, more }));
  }

  ids(): string[] {
    return this.emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
  }

  async state(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.terraform.resource(KEY))?.values ?? {};
  }

  path(name = 'key.json'): string {
    return join(this.terraform.folder, name);
  }

  /** The pair that consumers find. */
  delivered(name?: string): Pair {
    return JSON.parse(readFileSync(this.path(name), 'utf8')) as Pair;
  }

  /** All that Terraform has said, without its frames. */
  async run(...args: string[]): Promise<Said> {
    return toSaid(await this.terraform.run(...args, '-no-color'));
  }

  plan(...args: string[]): Promise<Said> {
    return this.run('plan', '-detailed-exitcode', ...args);
  }

  /** Throws with all that Terraform said where it fails. */
  async apply(): Promise<void> {
    await this.terraform.succeeds('apply', '-auto-approve', '-no-color');
  }

  async end(): Promise<void> {
    await this.terraform.cleanup();
    await this.emulator.close();
  }
}
