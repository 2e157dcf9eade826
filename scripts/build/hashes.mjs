import { createHash } from 'node:crypto';

/**
 * Terraform's hash of an unpacked provider, as it stands in `.terraform.lock.hcl`: golang.org/x/mod's `h1`, the
 * SHA-256 over one line `HEX  NAME` for each file, in the order of the names.
 *
 * @param {Map<string, Uint8Array>} files
 */
export function lockFileHash(files) {
  const lines = [...files].sort(byName).map(([name, content]) => `${sha256(content, 'hex')}  ${name}\n`);
  return `h1:${sha256(lines.join(''), 'base64')}`;
}

/** Twelve hexadecimal digits that change with any byte of any file. */
export function contentDigest(files) {
  const digits = createHash('sha256').update(lockFileHash(files)).digest('hex').slice(0, 12);
  // Inside a version, an identifier of digits alone may not begin with a zero.
  return digits.replace(/^0/, 'f');
}

function sha256(content, encoding) {
  return createHash('sha256').update(content).digest(encoding);
}

function byName([a], [b]) {
  return a < b ? -1 : 1;
}
