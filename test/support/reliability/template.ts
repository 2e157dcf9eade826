import type { Emulator, EmulatorKey } from '../../../src/emulator/index.js';
import { type Depot, digestOf, type Imprint } from './depot.js';
import { AFTER_DAYS, type Case, configuration } from './scenarios.js';
import { changedState } from './state-file.js';
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
    private readonly keys: readonly EmulatorKey[],
    /** How old the keys of its copies are. */
    private readonly days: number,
  ) {}

  static async make(
    { workshop, emulator, depot }: { workshop: Workshop; emulator: Emulator; depot: Depot },
    of: Case,
    bucket: string,
  ): Promise<Template> {
    await workshop.clear();
    const place = await depot.renew();
    emulator.createBucket(bucket);
    const apply = async (body: string) => {
      await workshop.configure(body);
      await workshop.terraform.succeeds('apply', '-auto-approve', '-no-color', '-lock=false');
    };
    const first = of.scenario === 'retire' ? ({ ...of, scenario: 'rotate' } as const) : of;
    await apply(configuration(first, bucket, depot.secretOf(of, 'before'), 'before'));
    if (of.scenario === 'retire')
      await apply(configuration(of, bucket, depot.secretOf(of, 'before'), 'before'));
    const keys = emulator.keys(bucket);
    const days = of.scenario === 'after_days' ? AFTER_DAYS + 1 : 0;
    return new Template(workshop, await workshop.state(), await depot.imprint(), place, bucket, keys, days);
  }

  /** The same stack on a new bucket with keys of its own. */
  async instantiate(bucket: string, place: string, emulator: Emulator): Promise<void> {
    emulator.createBucket(bucket);
    const madeAt = daysAfter(emulator.clock.now(), -this.days);
    const changes: [string, string][] = [
      [this.place, place],
      [this.bucket, bucket],
      ...this.keys.flatMap((old) => changesFor(old, emulator.makeStrangerKey(bucket, madeAt))),
    ];
    const change = (text: string) => changes.reduce((sum, [from, to]) => sum.replaceAll(from, to), text);
    await this.workshop.setState(changedState(this.state, change));
    await this.imprint(change);
  }
}

function changesFor(old: EmulatorKey, key: EmulatorKey): [string, string][] {
  return [
    [old.accessKeyId, key.accessKeyId],
    [old.secretAccessKey, key.secretAccessKey],
    // The mark tells the delivered secret from an altered one.
    [digestOf(old.secretAccessKey), digestOf(key.secretAccessKey)],
    [old.createdAt.toISOString(), key.createdAt.toISOString()],
    [toSecond(old.createdAt), toSecond(key.createdAt)],
    [toSecond(daysAfter(old.createdAt, AFTER_DAYS)), toSecond(daysAfter(key.createdAt, AFTER_DAYS))],
  ];
}

function daysAfter(date: Date, days: number): Date {
  return new Date(date.getTime() + days * 24 * 3600 * 1000);
}

function toSecond(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
