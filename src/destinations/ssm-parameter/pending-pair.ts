import type { KeyPair } from '../../lifecycle/access-key.js';
import { renderPair } from '../format.js';
import { describePending } from './description.js';
import { pendingPrefix } from './name.js';
import { secureString } from './pair-request.js';
import type { ParameterOptions } from './pair-request.js';
import type { ParameterApi } from './parameter-api.js';

export interface Pending {
  /** The version of the pair's own parameter that it is to replace. */
  readonly follows: number;
  readonly text: string;
}

/**
 * Pairs that are not promoted. What PutParameter takes is current at once, so each lies in a SecureString of its own
 * beside the pair's, under the key's ID.
 */
export class PendingPairs {
  readonly #prefix: string;

  constructor(
    private readonly api: ParameterApi,
    private readonly options: ParameterOptions,
  ) {
    this.#prefix = pendingPrefix(options.name);
  }

  async ids(): Promise<readonly string[]> {
    const parameters = await this.api.list('BeginsWith', this.#prefix);
    return parameters
      .filter(({ follows }) => follows !== null)
      .map(({ name }) => name.slice(this.#prefix.length));
  }

  async write(pair: KeyPair, follows: number): Promise<Pending> {
    const content = {
      name: this.#prefix + pair.accessKeyId,
      value: renderPair(this.options.format, pair),
      description: describePending(pair.accessKeyId, follows),
    };
    const made = await this.api.put(secureString(this.options, content, null));
    const present = made === null ? await this.api.describe(content.name) : null;
    // Written before, by this run or one that died: the secret is the same, but what it follows may not be.
    if (present && present.follows !== follows)
      await this.api.put(secureString(this.options, content, present));
    return { follows, text: content.value };
  }

  /** The text as it was written; null when there is none. */
  text(accessKeyId: string): Promise<string | null> {
    return this.api.value(this.#prefix + accessKeyId);
  }

  /** Null when there is none. */
  async find(accessKeyId: string): Promise<Pending | null> {
    const follows = (await this.api.describe(this.#prefix + accessKeyId))?.follows ?? null;
    const text = await this.text(accessKeyId);
    return follows === null || text === null ? null : { follows, text };
  }

  async delete(accessKeyId: string): Promise<void> {
    await this.api.delete(this.#prefix + accessKeyId);
  }
}
