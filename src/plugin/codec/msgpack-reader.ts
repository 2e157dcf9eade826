import { UNKNOWN, type Unknown } from '../value.js';
import { wholeNumber } from './number.js';
import { MalformedError } from './value-error.js';

/** What stands next in the bytes: a scalar itself, or how many members a container is about to have. */
export type Token =
  null | boolean | number | bigint | string | Unknown | Uint8Array | { array: number } | { map: number };

/**
 * Reads MessagePack one token at a time, so that the schema leads and nothing is built that it does not ask for.
 *
 * A general-purpose library would lose what Terraform may send: a leading byte-order mark, a map key `__proto__`.
 */
export class MsgpackReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  next(): Token {
    const head = this.#take(1)[0] ?? 0;
    if (head < 0x80) return head;
    if (head < 0x90) return { map: head & 0x0f };
    if (head < 0xa0) return { array: head & 0x0f };
    if (head < 0xc0) return this.#string(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#unsigned(1 << (head - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#unsigned(1 << (head - 0xc7)));
      case 0xca:
        return this.#take(4).readFloatBE();
      case 0xcb:
        return this.#take(8).readDoubleBE();
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (head - 0xcc));
      case 0xcf:
        return wholeNumber(this.#take(8).readBigUInt64BE());
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.#take(1 << (head - 0xd0)).readIntBE(0, 1 << (head - 0xd0));
      case 0xd3:
        return wholeNumber(this.#take(8).readBigInt64BE());
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (head - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#unsigned(1 << (head - 0xd9)));
      case 0xdc:
      case 0xdd:
        return { array: this.#unsigned(2 << (head - 0xdc)) };
      case 0xde:
      case 0xdf:
        return { map: this.#unsigned(2 << (head - 0xde)) };
      default:
        throw new MalformedError('a value begins with a byte that MessagePack does not use');
    }
  }

  /** Extension 0 is unknown, 12 is unknown with refinements, and a later one can be no less unknown to us. */
  #extension(length: number): Unknown {
    this.#take(length + 1);
    return UNKNOWN;
  }

  #string(length: number): string {
    const bytes = this.#take(length);
    const text = bytes.toString('utf8');
    // Only damaged text decodes to the replacement character and does not encode to the same bytes again.
    if (text.includes('\uFFFD') && !Buffer.from(text, 'utf8').equals(bytes)) {
      throw new MalformedError('a string is not UTF-8');
    }
    return text;
  }

  #unsigned(width: number): number {
    return this.#take(width).readUIntBE(0, width);
  }

  #take(length: number): Buffer {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw truncated();
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}

function truncated(): MalformedError {
  return new MalformedError('a value ends before it is complete');
}
