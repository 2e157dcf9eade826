import type { Format } from '../format.js';

/** The format `sdk` as keys of the secret, so that each can be read by itself; every other one as the key `value`. */
export function pairData(format: Format, text: string): object {
  return format === 'sdk' ? (JSON.parse(text) as object) : { value: text };
}
