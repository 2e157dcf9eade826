import type { KeyPair } from '../lifecycle/access-key.js';
import type { Delivery, Destination, Holding } from '../lifecycle/destination.js';
import type { Secret } from '../secret/secret.js';

/**
 * The state itself: the pair goes there with the answer to Terraform. Nothing else outlives the process, so
 * there is no journal, and a run that dies after the creation leaves a key that later plans can only name.
 */
export class TerraformOutputDestination implements Destination {
  readonly title = 'the Terraform state (terraform_output)';
  readonly reference = null;
  readonly journal = null;
  readonly #pairs = new Map<string, Secret>();

  /** `current`: the key whose secret the state holds. */
  constructor(private readonly current: string | null) {}

  check(): Promise<void> {
    return Promise.resolve();
  }

  read(): Promise<Holding> {
    return Promise.resolve({ current: this.current ? { accessKeyId: this.current } : null, pending: [] });
  }

  stage(pair: KeyPair): Promise<void> {
    this.#pairs.set(pair.accessKeyId, pair.secretAccessKey);
    return Promise.resolve();
  }

  staged(accessKeyId: string): Promise<Secret | null> {
    return Promise.resolve(this.#pairs.get(accessKeyId) ?? null);
  }

  promote(accessKeyId: string): Promise<Delivery> {
    const secret = this.#pairs.get(accessKeyId);
    if (!secret) return Promise.reject(new Error('The pair was not staged.'));
    return Promise.resolve({ reference: null, secret });
  }

  discard(accessKeyId: string): Promise<void> {
    this.#pairs.delete(accessKeyId);
    return Promise.resolve();
  }

  remove(): Promise<'removed'> {
    // The state forgets the secret together with its resource.
    return Promise.resolve('removed');
  }
}
