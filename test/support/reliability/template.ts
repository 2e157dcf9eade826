import type { Emulator, EmulatorKey } from '../../../src/emulator/index.js';
import type { Depot, Imprint } from './depot.js';
import { type Case, configuration } from './scenarios.js';
import type { Workshop } from './workshop.js';

/**
 * A stack as a real apply has left it, to be had again on other buckets and at other places without running
 * Terraform: bucket, key, place and times are put in the place of the first one's.
 */
export class Template {
  private constructor(
    private readonly workshop: Workshop,
    private readonly state: string,
    private readonly imprint: Imprint,
    private readonly place: string,
    private readonly bucket: string,
    private readonly key: EmulatorKey,
  ) {}

  static async make(
    { workshop, emulator, depot }: { workshop: Workshop; emulator: Emulator; depot: Depot },
    of: Case,
    bucket: string,
  ): Promise<Template> {
    await workshop.clear();
    const place = await depot.renew();
    emulator.createBucket(bucket);
    await workshop.configure(configuration(of, bucket, depot.secretOf(of, 'before')));
    await workshop.terraform.succeeds('apply', '-auto-approve', '-no-color', '-lock=false');
    const [key] = emulator.keys(bucket);
    if (!key) throw new Error('The template has no key.');
    return new Template(workshop, await workshop.state(), await depot.imprint(), place, bucket, key);
  }

  /** The same stack on a new bucket with a key of its own. */
  async instantiate(bucket: string, place: string, emulator: Emulator): Promise<void> {
    emulator.createBucket(bucket);
    const key = emulator.makeStrangerKey(bucket);
    const changes: [string, string][] = [
      [this.place, place],
      [this.bucket, bucket],
      [this.key.accessKeyId, key.accessKeyId],
      [this.key.secretAccessKey, key.secretAccessKey],
      [this.key.createdAt.toISOString(), key.createdAt.toISOString()],
      [toSecond(this.key.createdAt), toSecond(key.createdAt)],
    ];
    const change = (text: string) => changes.reduce((sum, [from, to]) => sum.replaceAll(from, to), text);
    await this.workshop.setState(change(this.state));
    await this.imprint(change);
  }
}

function toSecond(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
