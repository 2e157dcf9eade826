import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import { FrameCollector, frame } from './frame.js';
import { GrpcError, STATUS, statusTrailers } from './status.js';

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
  // The client may have gone before the answer; nobody is left to be told.
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
