import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { renderPair } from '../format.js';
import type { Format } from '../format.js';
import { describePair } from './description.js';
import type { Parameter, Put } from './parameter-api.js';

export type Tier = 'Standard' | 'Advanced' | 'Intelligent-Tiering';

export interface ParameterOptions {
  readonly name: string;
  readonly kmsKeyId?: string;
  readonly tier?: Tier;
  readonly format: Format;
}

/** In bytes; AWS's own words on a longer value would quote it. */
const LARGEST = { Standard: 4096, Advanced: 8192, 'Intelligent-Tiering': 8192 };

/** What makes the pair current, in place of `before`. It holds the secret in clear. */
export function pairRequest(
  options: ParameterOptions,
  pair: KeyPair,
  before: Pick<Parameter, 'version' | 'tier'> | null,
): Put {
  const { name, kmsKeyId, format } = options;
  const value = renderPair(format, pair);
  // A parameter that is Advanced stays it: AWS takes no way back.
  const tier = options.tier ?? (before?.tier === 'Advanced' ? 'Advanced' : undefined);
  const size = Buffer.byteLength(value);
  const largest = LARGEST[tier ?? 'Standard'];
  if (size > largest) {
    throw new DestinationError(
      `The pair of key ${pair.accessKeyId} has ${size} bytes, and SSM parameter ${name} takes ${largest}.`,
      'Choose tier = "Advanced", or another format.',
    );
  }
  return {
    Name: name,
    Type: 'SecureString',
    Value: value,
    Description: describePair(pair.accessKeyId, (before?.version ?? 0) + 1, pair.bucket),
    Overwrite: before !== null,
    ...(kmsKeyId !== undefined && { KeyId: kmsKeyId }),
    ...(tier && { Tier: tier }),
  };
}
