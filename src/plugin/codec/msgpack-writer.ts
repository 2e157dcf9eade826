/** Writes MessagePack in the forms that Terraform's own library writes. */
export class MsgpackWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;

  constructor(readonly acceptsUnknown: boolean) {}

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  nil(): void {
    this.#head(0xc0);
  }

  unknown(): void {
    this.#head(0xd4);
    this.#number(0, 2);
  }

  bool(value: boolean): void {
    this.#head(value ? 0xc3 : 0xc2);
  }

  /** Whole numbers within int64 become integers; any other number is a float64. */
  number(value: number | bigint): void {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      this.#head(0xcb);
      this.#length = this.#room(8).writeDoubleBE(value, this.#length);
    } else if (value >= 0 && value < 0x80) {
      this.#head(Number(value));
    } else if (value < 0 && value >= -0x20) {
      this.#head(Number(value) + 0x100);
    } else {
      this.#head(0xd3);
      this.#length = this.#room(8).writeBigInt64BE(BigInt(value), this.#length);
    }
  }

  string(value: string): void {
    const length = Buffer.byteLength(value);
    if (length < 0x20) this.#head(0xa0 | length);
    else this.#sized(0xd9, length);
    this.#room(length).write(value, this.#length);
    this.#length += length;
  }

  binary(value: Uint8Array): void {
    this.#sized(0xc4, value.length);
    this.#room(value.length).set(value, this.#length);
    this.#length += value.length;
  }

  array(members: number): void {
    if (members < 0x10) this.#head(0x90 | members);
    else this.#counted(0xdc, members);
  }

  map(members: number): void {
    if (members < 0x10) this.#head(0x80 | members);
    else this.#counted(0xde, members);
  }

  #sized(head: number, length: number): void {
    if (length < 0x100) {
      this.#head(head);
      this.#number(length, 1);
    } else {
      this.#counted(head + 1, length);
    }
  }

  #counted(head: number, count: number): void {
    const width = count < 0x10000 ? 2 : 4;
    this.#head(width === 2 ? head : head + 1);
    this.#number(count, width);
  }

  #head(byte: number): void {
    this.#number(byte, 1);
  }

  #number(value: number, width: number): void {
    this.#length = this.#room(width).writeUIntBE(value, this.#length, width);
  }

  #room(bytes: number): Buffer {
    const needed = this.#length + bytes;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}
