import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { BodyTooLarge, readRequest, type WireRequest } from './request.js';

export type Handler = (request: WireRequest, response: ServerResponse) => Promise<void>;

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
  // A connection that ends just when a client uses it again would look like a fault nobody asked for.
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

function giveUp(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(error instanceof BodyTooLarge ? 413 : 500, { connection: 'close' });
  response.end();
}
