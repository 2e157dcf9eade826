import { GrpcError, STATUS } from './status.js';

/** One flag byte and four bytes of length stand before every message. */
const HEADER = 5;
/** What Terraform itself accepts at most. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Collects the bytes of a request, which holds exactly one message. */
export class FrameCollector {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(readonly limit = MAX_MESSAGE_BYTES) {}

  add(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.limit + HEADER) {
      throw new GrpcError(STATUS.resourceExhausted, `a message exceeds ${this.limit} bytes`);
    }
    this.#chunks.push(chunk);
  }

  message(): Buffer {
    const all = Buffer.concat(this.#chunks, this.#length);
    if (all.length < HEADER) throw new GrpcError(STATUS.internal, 'the request ends within its header');
    if (all[0] !== 0) throw new GrpcError(STATUS.unimplemented, 'compressed messages are not accepted');
    const length = all.readUInt32BE(1);
    if (length > all.length - HEADER) {
      throw new GrpcError(STATUS.internal, 'the request ends within its message');
    }
    if (length < all.length - HEADER) {
      throw new GrpcError(STATUS.internal, 'the request holds more than one message');
    }
    return all.subarray(HEADER);
  }
}

export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(HEADER + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, HEADER);
  return framed;
}
