import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { EmulatorControl, TEST_CREDENTIALS } from 'cdktf-lightsail-access-key/emulator';

/** The emulator in a process of its own, so that its work is not counted as anybody's. */
export class EmulatorProcess {
  readonly control: EmulatorControl;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.control = new EmulatorControl(url);
  }

  static async start(root: string): Promise<EmulatorProcess> {
    const child = spawn(process.execPath, [join(root, 'dist/lib/command/main.js'), 'emulator'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [greeting] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const url = /listens on (http:\/\/[\d.]+:\d+)/.exec(greeting)?.[1];
    if (url === undefined) throw new Error(`The emulator said: ${greeting}`);
    return new EmulatorProcess(child, url);
  }

  get env(): Record<string, string> {
    return {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_LIGHTSAIL: this.url,
      AWS_ACCESS_KEY_ID: TEST_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: TEST_CREDENTIALS.secretAccessKey,
    };
  }

  /** The bucket with no key in it, whatever it had. */
  async emptyBucket(name: string): Promise<void> {
    const { buckets } = await this.control.state();
    if (buckets.some((bucket) => bucket.name === name)) await this.control.deleteBucket(name);
    await this.control.createBucket(name);
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }
}
