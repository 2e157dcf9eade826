import { BucketNotFound } from '../../lifecycle/ports.js';
import type { Listing } from '../../lifecycle/ports.js';
import { LightsailBucketKeys } from '../../lightsail/bucket-keys.js';
import { LightsailBuckets } from '../../lightsail/buckets.js';
import type { BucketPage } from '../../lightsail/buckets.js';
import type { Connection } from '../../lightsail/connection.js';
import { Pace } from '../../lightsail/pace.js';
import type { Inventory, ReadBucket, RegionInventory, UnreadBucket } from './inventory.js';
import type { Progress } from './progress.js';

export interface AuditedRegion {
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
