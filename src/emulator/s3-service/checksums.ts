import { createHash } from 'node:crypto';
import { ServiceError } from '../service-error.js';

/** Checksums by algorithm, in base64 as the headers carry them. */
export type Checksums = Readonly<Record<string, string>>;

const PREFIX = 'x-amz-checksum-';

const ALGORITHMS = new Map<string, (content: Buffer) => string>([
  ['crc32', (content) => crc32(content, 0xedb88320)],
  ['crc32c', (content) => crc32(content, 0x82f63b78)],
  ['crc64nvme', crc64nvme],
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

/** Bit by bit: Node 20 begins without zlib.crc32, and what tests upload is small. */
function crc32(content: Buffer, polynomial: number): string {
  let crc = 0xffffffff;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
  }
  const out = Buffer.alloc(4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return out.toString('base64');
}

function crc64nvme(content: Buffer): string {
  let crc = 0xffffffffffffffffn;
  for (const byte of content) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >> 1n) ^ (crc & 1n ? 0x9a6c9329ac4bc9b5n : 0n);
  }
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(crc ^ 0xffffffffffffffffn);
  return out.toString('base64');
}
