/**
 * The few forms of DER that a certificate is made of. Written here since a library for certificates
 * would cost several times the whole start of the provider (docs/decisions).
 */

function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

/** Lengths below 128 take one byte; longer ones are preceded by how many bytes they take. */
function length(bytes: number): number[] {
  if (bytes < 0x80) return [bytes];
  if (bytes < 0x100) return [0x81, bytes];
  return [0x82, bytes >> 8, bytes & 0xff];
}

export function sequence(...members: readonly Uint8Array[]): Buffer {
  return element(0x30, Buffer.concat(members));
}

export function set(member: Uint8Array): Buffer {
  return element(0x31, member);
}

/** A whole number of any size, big-endian; a leading zero keeps it from being read as negative. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes[0] ?? 0;
  return element(0x02, first >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** An object identifier, its arcs already packed into bytes. */
export function objectIdentifier(...packed: readonly number[]): Buffer {
  return element(0x06, Buffer.from(packed));
}

export function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0]));
}

export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

export function octetString(content: Uint8Array): Buffer {
  return element(0x04, content);
}

export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, Buffer.concat([Buffer.from([unusedBits]), content]));
}

/** X.509 wants two digits of the year up to 2049 and four from then on. */
export function time(moment: Date): Buffer {
  const digits = `${moment.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return moment.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(digits.slice(2)))
    : element(0x18, Buffer.from(digits));
}

/** A context-specific tag around a whole element. */
export function explicit(tag: number, member: Uint8Array): Buffer {
  return element(0xa0 | tag, member);
}

/** A context-specific tag in place of the element's own. */
export function implicit(tag: number, content: Uint8Array): Buffer {
  return element(0x80 | tag, content);
}
