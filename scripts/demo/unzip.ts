import { inflateRawSync } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const DEFLATED = 8;

/** Terraform's saved plans are ZIP files. */
export function isZip(file: Buffer): boolean {
  return file.length > 22 && file.readUInt32LE(0) === LOCAL_HEADER;
}

/** The contents of a ZIP file, by name; enough of the format for what Terraform writes. */
export function unzip(file: Buffer): Map<string, Buffer> {
  const contents = new Map<string, Buffer>();
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || file.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('This ZIP file has no end.');
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (file.readUInt32LE(at) !== CENTRAL_HEADER) throw new Error('This ZIP file is broken.');
    const size = file.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((offset) => file.readUInt16LE(at + offset));
    const header = file.readUInt32LE(at + 42);
    const begin = header + 30 + file.readUInt16LE(header + 26) + file.readUInt16LE(header + 28);
    const stored = file.subarray(begin, begin + size);
    const path = file.toString('utf8', at + 46, at + 46 + (name ?? 0));
    contents.set(path, file.readUInt16LE(at + 10) === DEFLATED ? inflateRawSync(stored) : stored);
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return contents;
}
