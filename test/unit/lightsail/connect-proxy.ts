import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ConnectProxy {
  readonly url: string;
  /** What was asked for, such as `lightsail.example.test:443`. */
  readonly tunnels: string[];
  /** Every `proxy-authorization` that was sent. */
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

/** A proxy that takes every name to one local server, so that names need not exist. */
export async function startConnectProxy(
  target: string,
  answer: 'connects' | 'refuses' | 'hangs' | 'resets' = 'connects',
): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, socket) => {
    tunnels.push(String(request.url));
    authorizations.push(request.headers['proxy-authorization']);
    socket.on('error', () => undefined);
    if (answer === 'hangs') return;
    if (answer === 'resets') {
      socket.destroy();
      return;
    }
    if (answer === 'refuses') {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const onward = connect(Number(new URL(target).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    sockets.add(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
