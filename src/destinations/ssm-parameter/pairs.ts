import { PARAMETER_SUFFIX } from '../../contract/ssm-parameter.js';
import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { renderPair } from '../format.js';
import type { Format } from '../format.js';
import { describePair, describePending } from './metadata.js';
import type { Parameter } from './metadata.js';
import type { ParameterApi, Put } from './parameter-api.js';

type Tier = 'Standard' | 'Advanced' | 'Intelligent-Tiering';

export interface ParameterOptions {
  readonly name: string;
  readonly kmsKeyId?: string | undefined;
  readonly tier?: Tier | undefined;
  readonly format: Format;
}

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

/** The beginning of the names of pairs that are not promoted; the key's ID follows. A name is never used twice. */
export function pendingPrefix(name: string): string {
  return name + PARAMETER_SUFFIX.pending;
}

interface Promotion {
  readonly accessKeyId: string;
  readonly text: string;
  readonly before: Parameter | null;
}

/** One write makes the pair current, and says whose it is. False when another writer was first to make the parameter. */
export async function promoteText(
  api: ParameterApi,
  options: ParameterOptions,
  { accessKeyId, text, before }: Promotion,
): Promise<boolean> {
  const { name } = options;
  const request = (version: number, overwritten: Pick<Parameter, 'tier'> | null): Put =>
    secureString(
      options,
      { name, value: text, description: describePair(accessKeyId, version) },
      overwritten,
    );
  let announced = (before?.version ?? 0) + 1;
  let version = await api.putOnce(request(announced, before));
  if (version === null) return false;
  // Another write came in between: the pair is current, but its description does not name its version.
  while (version !== announced) {
    announced = version + 1;
    version = (await api.put(request(announced, before ?? { tier: '' }))) ?? announced;
  }
  // AWS has taken the value; a plan that follows at once must not miss it.
  await api.describe(name).catch(() => null);
  return true;
}

/** In bytes; AWS's own words on a longer value would quote it. */
const LARGEST = { Standard: 4096, Advanced: 8192, 'Intelligent-Tiering': 8192 };

/** A SecureString in place of `before`. */
function secureString(
  { kmsKeyId, tier: chosen }: ParameterOptions,
  {
    name,
    value,
    description,
  }: { readonly name: string; readonly value: string; readonly description: string },
  before: Pick<Parameter, 'tier'> | null,
): Put {
  // A parameter that is Advanced stays it: AWS takes no way back.
  const tier = chosen ?? (before?.tier === 'Advanced' ? 'Advanced' : undefined);
  const size = Buffer.byteLength(value);
  const largest = LARGEST[tier ?? 'Standard'];
  if (size > largest) {
    throw new DestinationError(
      `A pair of ${size} bytes is too long for SSM parameter ${name}, which takes ${largest}.`,
      'Choose tier = "Advanced", or another format.',
    );
  }
  return {
    Name: name,
    Type: 'SecureString',
    Value: value,
    Description: description,
    Overwrite: before !== null,
    ...(kmsKeyId !== undefined && { KeyId: kmsKeyId }),
    ...(tier && { Tier: tier }),
  };
}
