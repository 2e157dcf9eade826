import { createHash } from 'node:crypto';
import { ServiceError } from '../service.js';

/** Checksums by algorithm, in base64 as the headers carry them. */
export type Checksums = Readonly<Record<string, string>>;

const PREFIX = 'x-amz-checksum-';

const ALGORITHMS = new Map<string, (content: Buffer) => string>([
  ['crc32', (content) => crc(content, crc32Table, 4)],
  ['crc32c', (content) => crc(content, crc32cTable, 4)],
  ['crc64nvme', (content) => crc(content, crc64Table, 8)],
  ['sha1', (content) => createHash('sha1').update(content).digest('base64')],
  ['sha256', (content) => createHash('sha256').update(content).digest('base64')],
]);

export function checksumHeaders(headers: readonly (readonly [string, string])[]): Checksums {
  return Object.fromEntries(
    headers
      .filter(([name]) => name.startsWith(PREFIX) && ALGORITHMS.has(name.slice(PREFIX.length)))
      .map(([name, value]) => [name.slice(PREFIX.length), value]),
  );
}

export function toHeaders(checksums: Checksums): Record<string, string> {
  return Object.fromEntries(Object.entries(checksums).map(([name, value]) => [PREFIX + name, value]));
}

export function verifyChecksums(content: Buffer, checksums: Checksums, contentMd5: string | undefined): void {
  for (const [name, value] of Object.entries(checksums)) {
    if (ALGORITHMS.get(name)?.(content) !== value) throw badDigest(name.toUpperCase());
  }
  if (contentMd5 !== undefined && createHash('md5').update(content).digest('base64') !== contentMd5) {
    throw badDigest('Content-MD5');
  }
}

function badDigest(name: string): ServiceError {
  return new ServiceError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
}

const crc32Table = table(0xedb88320n);
const crc32cTable = table(0x82f63b78n);
const crc64Table = table(0x9a6c9329ac4bc9b5n);

/** Of our own: Node 20 begins without zlib.crc32, and no Node has the other two. */
function crc(content: Buffer, remainders: readonly bigint[], bytes: 4 | 8): string {
  const mask = (1n << BigInt(bytes * 8)) - 1n;
  let remainder = mask;
  for (const byte of content) {
    const index = Number((remainder ^ BigInt(byte)) & 0xffn);
    remainder = (remainder >> 8n) ^ (remainders[index] ?? 0n);
  }
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(remainder ^ mask);
  return out.subarray(8 - bytes).toString('base64');
}

/** What each byte leaves behind, for a polynomial in reversed bit order. */
function table(polynomial: bigint): readonly bigint[] {
  return Array.from({ length: 256 }, (_, byte) => {
    let remainder = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = (remainder >> 1n) ^ (remainder & 1n ? polynomial : 0n);
    }
    return remainder;
  });
}
