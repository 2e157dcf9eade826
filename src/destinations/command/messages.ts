import type { KeyPair } from '../../lifecycle/access-key.js';
import { renderPair } from '../format.js';
import type { Format } from '../format.js';

/** Rises when a field changes its meaning; fields may be added under the same number. */
const VERSION = 1;

/** What the `write` program reads. It holds the secret in clear. */
export function writeMessage(pair: KeyPair, format: Format): string {
  return line({
    version: VERSION,
    event: 'write',
    bucketName: pair.bucket,
    accessKeyId: pair.accessKeyId,
    secretAccessKey: pair.secretAccessKey.reveal(),
    region: pair.region,
    ...(pair.createdAt && { createdAt: pair.createdAt.toISOString() }),
    content: renderPair(format, pair),
  });
}

/** What the `delete` program reads: it is to remove the pair of this key, and no other. */
export function deleteMessage(bucket: string, accessKeyId: string): string {
  return line({ version: VERSION, event: 'delete', bucketName: bucket, accessKeyId });
}

function line(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

const LONGEST_REFERENCE = 2048;

/** What a program says of where the pair is: `{"reference": "…"}` as the first line that it prints; null without. */
export function referenceIn(stdout: string): string | null {
  const [first = ''] = stdout.split('\n', 1);
  let said: unknown;
  try {
    said = JSON.parse(first);
  } catch {
    return null;
  }
  if (typeof said !== 'object' || said === null || !('reference' in said)) return null;
  const { reference } = said;
  return typeof reference === 'string' && reference !== '' && reference.length <= LONGEST_REFERENCE
    ? reference
    : null;
}
