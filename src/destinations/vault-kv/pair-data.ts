import type { Format } from '../format.js';

/** The format `sdk` as keys of the secret, so that each can be read by itself; every other one as the key `value`. */
export function pairData(format: Format, text: string): object {
  return format === 'sdk' ? (JSON.parse(text) as object) : { value: text };
}

/** The text again, whichever way round: Vault sorts the keys. */
export function pairText(data: Readonly<Record<string, unknown>>): string {
  if (typeof data.value === 'string') return data.value;
  const { accessKeyId, secretAccessKey, bucketName, region, createdAt } = data;
  return `${JSON.stringify({ accessKeyId, secretAccessKey, bucketName, region, createdAt }, null, 2)}\n`;
}
