import type { Emulator, EmulatorKey } from '../../../src/emulator/index.js';
import { type Case, configuration } from './scenarios.js';
import type { Snapshot, Workshop } from './workshop.js';

/**
 * A stack as a real apply has left it, to be had again on other buckets without running Terraform: bucket, key and
 * times are put in the place of the first one's.
 */
export class Template {
  private constructor(
    private readonly snapshot: Snapshot,
    private readonly bucket: string,
    private readonly key: EmulatorKey,
  ) {}

  static async make(workshop: Workshop, emulator: Emulator, of: Case, bucket: string): Promise<Template> {
    await workshop.clear();
    emulator.createBucket(bucket);
    await workshop.configure(configuration(of, bucket, 'before'));
    await workshop.terraform.succeeds('apply', '-auto-approve', '-no-color', '-lock=false');
    const [key] = emulator.keys(bucket);
    if (!key) throw new Error('The template has no key.');
    return new Template(await workshop.snapshot(), bucket, key);
  }

  /** The same stack on a new bucket with a key of its own. */
  instantiate(bucket: string, emulator: Emulator): Snapshot {
    emulator.createBucket(bucket);
    const key = emulator.makeStrangerKey(bucket);
    const changes: [string, string][] = [
      [this.bucket, bucket],
      [this.key.accessKeyId, key.accessKeyId],
      [this.key.secretAccessKey, key.secretAccessKey],
      [this.key.createdAt.toISOString(), key.createdAt.toISOString()],
      [toSecond(this.key.createdAt), toSecond(key.createdAt)],
    ];
    const change = (text: string) => changes.reduce((sum, [from, to]) => sum.replaceAll(from, to), text);
    return Object.fromEntries(Object.entries(this.snapshot).map(([name, text]) => [name, change(text)]));
  }
}

function toSecond(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
