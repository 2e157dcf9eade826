import type { KeyPair } from '../../lifecycle/access-key.js';
import { renderPair } from '../format.js';
import type { Format } from '../format.js';

/** The format `sdk` as keys of the secret, so that each can be read by itself; every other one as the key `value`. */
export function pairData(format: Format, pair: KeyPair): object {
  const text = renderPair(format, pair);
  return format === 'sdk' ? (JSON.parse(text) as object) : { value: text };
}
