import type { AccessKey } from '../../lifecycle/access-key.js';
import type { Listing } from '../../lifecycle/ports.js';
import { BucketNotFound } from '../../lifecycle/ports.js';
import type { ServiceTime } from '../../lifecycle/service-time.js';
import { LightsailBucketKeys, LightsailBuckets } from '../../lightsail/bucket-keys.js';
import type { BucketPage } from '../../lightsail/bucket-keys.js';
import type { Connection } from '../../lightsail/connection.js';
import { Pace } from '../../lightsail/pace.js';

/** With AWS's time of the answer. */
export interface ReadBucket extends ServiceTime {
  readonly name: string;
  readonly region: string;
  /** Whose it is, by its ARN; null where it was not listed but named. */
  readonly accountId: string | null;
  readonly keys: readonly AccessKey[];
}

export interface UnreadBucket {
  readonly name: string;
  readonly region: string;
  readonly reason: string;
}

/** What AWS said of one region. */
export interface RegionInventory {
  readonly region: string;
  readonly read: readonly ReadBucket[];
  readonly unread: readonly UnreadBucket[];
  /** The accounts in the ARNs of the buckets that were listed: mostly one, none in a region without buckets. */
  readonly accounts: ReadonlySet<string>;
  /** Every bucket of the account was listed: what is not here is not in the region. */
  readonly isWhole: boolean;
  /** Why the buckets could not be listed to the end. */
  readonly failure: string | null;
}

export interface Inventory {
  readonly regions: readonly RegionInventory[];
  /** The buckets that alone were asked for; null: all. */
  readonly named: readonly string[] | null;
}

interface AuditedRegion {
  readonly region: string;
  readonly connection: Connection;
}

/** The keys of the named buckets, or of all, in each region: all at once, each region at its own pace. */
export async function takeInventory(
  regions: readonly AuditedRegion[],
  named: readonly string[] | null,
  progress: Progress,
): Promise<Inventory> {
  const taken = await Promise.all(regions.map((of) => new RegionReader(of, progress).read(named)));
  const read = new Set(taken.flatMap((region) => region.read.map(({ name }) => name)));
  return {
    named,
    regions: taken.map((region) => ({
      ...region,
      // A name that was found in one region is in no other.
      unread: named ? region.unread.filter(({ name }) => !read.has(name)) : region.unread,
    })),
  };
}

type Look = ReadBucket | UnreadBucket | null;

class RegionReader {
  readonly #pace = new Pace();
  readonly #accounts = new Set<string>();
  readonly #looks: Promise<Look>[] = [];

  constructor(
    private readonly of: AuditedRegion,
    private readonly progress: Progress,
  ) {
    progress.watch(this.#pace);
  }

  async read(named: readonly string[] | null): Promise<RegionInventory> {
    let failure: string | null = null;
    if (named) for (const name of named) this.#lookAt(name, null);
    else failure = await this.#lookAtAll();
    const looks = (await Promise.all(this.#looks)).filter((look) => look !== null);
    return {
      region: this.of.region,
      read: looks.filter((look) => 'keys' in look),
      unread: looks.filter((look) => 'reason' in look),
      accounts: this.#accounts,
      isWhole: named === null && failure === null,
      failure,
    };
  }

  /** Each page's buckets are looked at while the next page comes. Answers why there is no next page, if it failed. */
  async #lookAtAll(): Promise<string | null> {
    const buckets = new LightsailBuckets(this.of.connection, this.#pace);
    const seen = new Set<string | null>();
    const done = this.progress.listing();
    try {
      for (let token: string | null = null; ;) {
        if (seen.has(token)) throw new Error('GetBuckets answered with a page token for the second time.');
        seen.add(token);
        const current: string | null = token;
        const page: BucketPage = await this.#pace.run(() => buckets.page(current));
        for (const { name, accountId } of page.buckets) {
          if (accountId !== null) this.#accounts.add(accountId);
          this.#lookAt(name, accountId);
        }
        if (page.next === null) return null;
        token = page.next;
      }
    } catch (error) {
      return reasonOf(error);
    } finally {
      done();
    }
  }

  #lookAt(name: string, accountId: string | null): void {
    this.progress.expect();
    this.#looks.push(
      this.#look(name, accountId).finally(() => {
        this.progress.done();
      }),
    );
  }

  /** Null: there is no such bucket, or no longer. */
  async #look(name: string, accountId: string | null): Promise<Look> {
    const { region, connection } = this.of;
    const keys = new LightsailBucketKeys(connection, name, region, () => undefined);
    try {
      const listing: Listing = await this.#pace.run(() => keys.list());
      return { name, region, accountId, ...listing };
    } catch (error) {
      return error instanceof BucketNotFound ? null : { name, region, reason: reasonOf(error) };
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Where progress is told: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const QUIET_MS = 1000;
const INTERVAL_MS = { terminal: 200, log: 10_000 };

/**
 * Says how far the audit is once it takes more than a second: in place on a terminal, elsewhere as a line every ten
 * seconds.
 */
export class Progress {
  readonly #paces: { readonly throttled: number }[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #total = 0;
  #done = 0;
  #listings = 0;
  #written = '';

  constructor(private readonly stream: ProgressStream) {
    const interval = stream.isTTY ? INTERVAL_MS.terminal : INTERVAL_MS.log;
    this.#timers.push(
      setTimeout(() => {
        this.#tell();
        this.#timers.push(setInterval(this.#tell, interval));
      }, QUIET_MS),
    );
  }

  /** Tells of what the API asks of this pace. */
  watch(pace: { readonly throttled: number }): void {
    this.#paces.push(pace);
  }

  /** Buckets are being listed: their number is not known yet. Answers how to end that. */
  listing(): () => void {
    this.#listings += 1;
    return () => {
      this.#listings -= 1;
    };
  }

  expect(): void {
    this.#total += 1;
  }

  done(): void {
    this.#done += 1;
  }

  /** Leaves nothing on the terminal's line. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.stream.isTTY && this.#written !== '') this.stream.write('\r\x1b[K');
  }

  readonly #tell = () => {
    const isSlowed = this.#paces.some(({ throttled }) => throttled > 0);
    const total = this.#listings > 0 ? `at least ${this.#total}` : this.#total;
    const text = `${this.#done} of ${total} buckets${isSlowed ? ', at the slower pace that AWS asks for' : ''}`;
    if (text === this.#written) return;
    this.#written = text;
    this.stream.write(this.stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
}
