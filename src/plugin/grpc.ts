import type { Http2Server, ServerHttp2Stream } from 'node:http2';

/** Answers one message with one message; `signal` is aborted when the client gives the call up. */
export type UnaryMethod = (request: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;
/** A stream that is held open and carries nothing. */
export const KEPT_OPEN = 'kept open';
export type Methods = Readonly<Record<string, UnaryMethod | typeof KEPT_OPEN>>;

/** Serves gRPC methods, by their full path, on the streams of an HTTP/2 server. */
export function serveGrpc(server: Http2Server, methods: Methods, redact: (text: string) => string): void {
  server.on('stream', (stream, headers) => {
    // A reset by the peer shows as an error of the stream; nothing is left to answer then.
    stream.on('error', () => undefined);
    if (!String(headers['content-type']).startsWith('application/grpc')) {
      stream.resume();
      stream.respond({ ':status': 415 }, { endStream: true });
      return;
    }
    const path = String(headers[':path']);
    const method = Object.hasOwn(methods, path) ? methods[path] : undefined;
    if (method === undefined) {
      answerError(stream, new GrpcError(STATUS.unimplemented, `unknown method ${path}`), redact);
    } else if (method === KEPT_OPEN) {
      stream.resume();
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    } else {
      answerCall(stream, method, redact);
    }
  });
}

function answerCall(stream: ServerHttp2Stream, method: UnaryMethod, redact: (text: string) => string): void {
  const frames = new FrameCollector();
  const givenUp = new AbortController();
  stream.on('close', () => {
    givenUp.abort();
  });
  const fail = (error: unknown) => {
    answerError(stream, error, redact);
  };
  stream.on('data', (chunk: Buffer) => {
    try {
      frames.add(chunk);
    } catch (error) {
      stream.removeAllListeners('data').removeAllListeners('end');
      fail(error);
    }
  });
  stream.on('end', () => {
    Promise.resolve()
      .then(() => method(frames.message(), givenUp.signal))
      .then((response) => {
        answer(stream, response);
      })
      .catch(fail);
  });
}

function answer(stream: ServerHttp2Stream, response: Uint8Array): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers(statusTrailers(STATUS.ok));
  });
  stream.end(frame(response));
}

function answerError(stream: ServerHttp2Stream, error: unknown, redact: (text: string) => string): void {
  // The client may have gone before the answer; no client is left.
  if (stream.destroyed || stream.headersSent) return;
  // What is still on its way is read and dropped, or flow control would hold the client for ever.
  stream.resume();
  const code = error instanceof GrpcError ? error.code : STATUS.unknown;
  const message = redact(error instanceof Error ? error.message : String(error));
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', ...statusTrailers(code, message) },
    { endStream: true },
  );
}

/** One flag byte and four bytes of length stand before every message. */
const HEADER = 5;
/** What Terraform itself accepts at most. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

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

/** The status codes of gRPC that this server answers with. */
export const STATUS = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
} as const;
type StatusCode = (typeof STATUS)[keyof typeof STATUS];

/** Ends a call with a status; anything a user should read in full belongs into a diagnostic instead. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';

  constructor(
    readonly code: StatusCode,
    message: string,
  ) {
    super(message);
  }
}

/** Longer ones would exceed what a peer accepts as header fields. */
const MAX_STATUS_BYTES = 1000;

export function statusTrailers(code: StatusCode, message = ''): Record<string, string> {
  return {
    'grpc-status': String(code),
    ...(message !== '' && { 'grpc-message': percentEncode(message) }),
  };
}

/** Of UTF-8, gRPC leaves printable ASCII but the percent sign as it is. */
function percentEncode(message: string): string {
  return Buffer.from(message)
    .subarray(0, MAX_STATUS_BYTES)
    .toString('latin1')
    .replace(/[^\x20-\x24\x26-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
