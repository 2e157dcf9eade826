import type { KeyPair } from '../../lifecycle/access-key.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import { sealerFor } from '../age/sealer.js';
import type { Sealer } from '../age/sealer.js';
import type { Store } from '../descriptor.js';
import type { OutputArguments } from './descriptor.js';

export const open: Store<OutputArguments>['open'] = ({ age_recipients: recipients }, { current }) =>
  new TerraformOutputDestination(current.key, sealerFor(recipients));

/**
 * The state itself: the pair goes there with the answer to Terraform. Nothing else outlives the process, so
 * there is no journal, and a run that dies after the creation leaves a key that later plans can only name.
 */
export class TerraformOutputDestination implements Destination {
  readonly title = 'the Terraform state (terraform_output)';
  readonly reference = null;
  readonly journal = null;
  readonly #pairs = new Map<string, { readonly secret: Secret; readonly sealed: string | null }>();

  /** `current`: the key whose secret the state holds. */
  constructor(
    private readonly current: string | null,
    /** With it, the state holds only what it has sealed. */
    private readonly sealer: Sealer | null = null,
  ) {}

  check(): Promise<void> {
    return Promise.resolve();
  }

  read(): Promise<Holding> {
    return Promise.resolve({ current: this.current ? { accessKeyId: this.current } : null });
  }

  async stage({ accessKeyId, secretAccessKey: secret }: KeyPair): Promise<void> {
    const sealed = this.sealer ? await this.sealer.seal(secret.reveal(), accessKeyId) : null;
    this.#pairs.set(accessKeyId, { secret, sealed });
  }

  staged(accessKeyId: string): Promise<Secret | null> {
    return Promise.resolve(this.#pairs.get(accessKeyId)?.secret ?? null);
  }

  promote(accessKeyId: string): Promise<Delivery> {
    const pair = this.#pairs.get(accessKeyId);
    if (!pair) return Promise.reject(new Error('The pair was not staged.'));
    const { secret, sealed } = pair;
    return Promise.resolve({ reference: null, ...(sealed === null ? { secret } : { secret: null, sealed }) });
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
