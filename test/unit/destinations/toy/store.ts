import type { Store } from '../../../../src/destinations/descriptor.js';
import { renderPair } from '../../../../src/destinations/format.js';
import type { Format } from '../../../../src/destinations/format.js';
import { foreign, pairIn } from '../../../../src/destinations/read-back.js';
import type { DeliveredPair, ReadBack } from '../../../../src/destinations/read-back.js';
import type { KeyPair } from '../../../../src/lifecycle/access-key.js';
import type { Delivery, Destination, Holding } from '../../../../src/lifecycle/destination.js';
import type { ToyArguments } from './descriptor.js';

/** What lies on each shelf. */
export const SHELVES = new Map<string, string>();

class ToyDestination implements Destination, ReadBack {
  readonly title: string;
  readonly reference: string;
  readonly waiting = 'shelf = lightsail_bucket_access_key.NAME.secret_reference';
  readonly journal = null;
  readonly #pending = new Map<string, KeyPair>();

  constructor(
    shelf: string,
    private readonly format: Format,
  ) {
    this.title = `toy shelf ${shelf}`;
    this.reference = shelf.toLowerCase();
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  async read(): Promise<Holding> {
    return {
      current: (await this.readBack()) && { accessKeyId: (await this.readBack())?.accessKeyId ?? null },
    };
  }

  readBack(): Promise<DeliveredPair | null> {
    const text = SHELVES.get(this.reference);
    const pair = text === undefined ? null : pairIn(text);
    return text !== undefined && !pair ? Promise.reject(foreign(this.title)) : Promise.resolve(pair);
  }

  stage(pair: KeyPair): Promise<void> {
    this.#pending.set(pair.accessKeyId, pair);
    return Promise.resolve();
  }

  staged(): Promise<null> {
    return Promise.resolve(null);
  }

  promote(accessKeyId: string): Promise<Delivery> {
    const pair = this.#pending.get(accessKeyId);
    if (pair) SHELVES.set(this.reference, renderPair(this.format, pair));
    return Promise.resolve({ reference: this.reference, secret: null });
  }

  discard(accessKeyId: string): Promise<void> {
    this.#pending.delete(accessKeyId);
    return Promise.resolve();
  }

  remove(): Promise<'removed' | 'absent'> {
    return Promise.resolve(SHELVES.delete(this.reference) ? 'removed' : 'absent');
  }
}

export const open: Store<ToyArguments>['open'] = ({ shelf, format }) => new ToyDestination(shelf, format);
