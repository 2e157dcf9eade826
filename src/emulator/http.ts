import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Answer } from './service.js';

/** A request as it came over the wire: signatures cover the bytes, not a parser's idea of them. */
export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  /** Still percent-encoded, without the question mark. */
  readonly query: string;
  /** Names in lower case, in order of arrival, repeated ones kept apart. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** The same object for all requests of one connection. */
  readonly connection: object;
}

/** Repeated headers are joined by commas, as in a canonical request. */
export function header(request: WireRequest, name: string): string | undefined {
  const values = request.headers.filter(([key]) => key === name).map(([, value]) => value.trim());
  return values.length > 0 ? values.join(',') : undefined;
}

export function parseQuery(query: string): [name: string, value: string][] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [uriDecode(part), ''] : [uriDecode(part.slice(0, at)), uriDecode(part.slice(at + 1))];
    });
}

/** Malformed escapes stay as they are: the signature then decides. */
export function uriDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Percent-encoding as signatures want it: everything but the unreserved characters of RFC 3986. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

type Handler = (request: WireRequest, response: ServerResponse) => Promise<void>;

/** Listens, and keeps listening whatever arrives: a bad request costs its own connection and nothing else. */
export function listen(handler: Handler, now: () => Date, port: number, host: string): Promise<Server> {
  const server = createServer((message, response) => {
    // A client may go at any moment; that is its right and no error of ours.
    message.on('error', () => undefined);
    response.on('error', () => undefined);
    response.setHeader('date', now().toUTCString());
    readRequest(message)
      .then((request) => handler(request, response))
      .catch((error: unknown) => {
        giveUp(response, error);
      });
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
    else socket.destroy();
  });
  // Delays are faults that tests choose; the server must not add time limits of its own.
  server.requestTimeout = 0;
  // A connection that ends just when a client uses it again would look like a fault that no test has asked for.
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

export function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  // A wildcard address is where one listens, not where one connects to.
  const host = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  return `http://${family === 'IPv6' && host.includes(':') ? `[${host}]` : host}:${port}`;
}

export function send(response: ServerResponse, answer: Answer): Promise<void> {
  writeHead(response, answer);
  return end(response, answer.body);
}

/**
 * Sends the first half of an answer. `short` announces all of it and closes the connection; `complete` frames
 * the half correctly, so that only parsing it fails.
 */
export async function cutShort(
  response: ServerResponse,
  answer: Answer,
  framing: 'short' | 'complete',
): Promise<void> {
  const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
  if (framing === 'complete') {
    await send(response, { ...answer, body: half });
    return;
  }
  writeHead(response, answer);
  await new Promise<void>((resolve) => {
    response.write(half, () => {
      resolve();
    });
    // A client that is gone already lets the callback wait for ever.
    response.once('close', resolve);
  });
  response.socket?.end();
}

/** Closes the connection as a server that stops does. */
export function drop(response: ServerResponse): void {
  response.socket?.destroy();
}

/** Closes it as a crashed host or a middlebox does: with a TCP reset. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

class BodyTooLarge extends Error {}

async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    headers.push([(message.rawHeaders[i] ?? '').toLowerCase(), message.rawHeaders[i + 1] ?? '']);
  }
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    body: await readBody(message),
    connection: message.socket,
  };
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new BodyTooLarge(`The body is larger than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function giveUp(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(error instanceof BodyTooLarge ? 413 : 500, { connection: 'close' });
  response.end();
}

/** Announces the whole body, also where less of it follows. A 204 announces none. */
function writeHead(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, {
    ...(status !== 204 && { 'content-length': String(body.length) }),
    ...headers,
  });
}

/** Resolves when the answer is out, or when its client has gone. */
function end(response: ServerResponse, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.end(body, () => {
      resolve();
    });
  });
}
