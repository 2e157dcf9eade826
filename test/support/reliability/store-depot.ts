import type { Store } from '../destinations/store.js';
import type { Exchange, FaultLane, LaneCall } from '../fault-lane.js';
import {
  type Call,
  type Depot,
  type Imprint,
  isChange,
  type OthersValue,
  type Pair,
  pairIn,
  type Restore,
  type Watch,
} from './depot.js';

/** A store with a lane of its own. */
export class StoreDepot implements Depot {
  #place = '';
  #route = '';
  /** All that has changed anything at the place, in order. */
  #changes: Exchange[] = [];
  readonly #named = new WeakMap<LaneCall, Call>();

  constructor(
    private readonly store: Pick<Store, 'lane' | 'newPlace' | 'route' | 'consumed' | 'left'> &
      Partial<Pick<Store, 'overwrite' | 'keepsOverwritten'>>,
  ) {
    store.lane.onCall((moment, call) => {
      if (moment === 'effect-done' && call.arrived && isChange(call.name)) this.#changes.push(call.exchange);
    });
  }

  get lane(): FaultLane {
    return this.store.lane;
  }

  onCall(watch: Watch): () => void {
    return this.store.lane.onCall((moment, call) => watch(moment, this.#toCall(call)));
  }

  async renew(): Promise<string> {
    this.#changes = [];
    this.#place = await this.store.newPlace();
    // With it comes the right to write there, which an imprint needs too.
    this.#route = this.store.route(this.#place);
    return this.#place;
  }

  secretOf(): string {
    return this.#route;
  }

  async current(): Promise<Pair | null> {
    return pairIn(await this.store.consumed(this.#place));
  }

  async delivered({ access_key_id: id }: Readonly<Record<string, unknown>>): Promise<Pair | null> {
    const pair = await this.current();
    return pair?.accessKeyId === id ? pair : null;
  }

  async leftovers() {
    const names = await this.store.left(this.#place);
    return { pending: names.filter((name) => /pending/i.test(name)), drafts: [] };
  }

  /** Sends again what the provider has sent: versions, labels and metadata come out as they were. */
  imprint(): Promise<Imprint> {
    const changes = [...this.#changes];
    return Promise.resolve(async (change) => {
      for (const { path, body, ...rest } of changes) {
        const changed = { ...rest, path: change(path), body: change(body) };
        this.#changes.push(changed);
        const { status, body: said } = await this.store.lane.deliver(changed);
        // What had gone already when it was to be deleted was refused the first time, too.
        if (status >= 300 && !said.includes('NotFound'))
          throw new Error(`A change cannot be made again: ${status} ${said}`);
      }
    });
  }

  async keep(): Promise<Restore> {
    const kept = this.#place;
    const imprint = await this.imprint();
    return async () => {
      const place = await this.renew();
      const rename = (text: string) => text.replaceAll(kept, place);
      await imprint(rename);
      return rename;
    };
  }

  async intrude(): Promise<OthersValue> {
    const { overwrite, keepsOverwritten } = this.store;
    if (!overwrite || !keepsOverwritten) throw new Error('Nobody but its author writes to this store.');
    await overwrite.call(this.store, this.#place);
    const theirs = await this.store.consumed(this.#place);
    return {
      isCurrent: async () => (await this.store.consumed(this.#place)) === theirs,
      isKept: () => keepsOverwritten.call(this.store, this.#place),
    };
  }

  /** Its name without what differs from stack to stack. */
  #toCall(call: LaneCall): Call {
    const known = this.#named.get(call);
    if (known) return known;
    const named = {
      operation: call.name
        .replace(this.#place, 'PLACE')
        .replace(/AKIA\w+/, 'KEY')
        .replace(/lightsail-test-[\da-f-]{36}/, 'MOUNT')
        .trim(),
    };
    this.#named.set(call, named);
    return named;
  }
}
