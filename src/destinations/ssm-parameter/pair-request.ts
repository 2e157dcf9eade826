import { DestinationError } from '../../lifecycle/destination.js';
import type { Format } from '../format.js';
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

/** A SecureString in place of `before`. */
export function secureString(
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
