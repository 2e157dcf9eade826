import { mkdtempSync, rmdirSync, unlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handshake } from './handshake.js';

/** What macOS has room for, 104 bytes with the zero at the end; Linux has 108. Node would cut a longer path. */
const MAX_SOCKET_PATH = 103;

export interface Listener {
  readonly network: 'unix' | 'tcp';
  readonly address: string;
  readonly server: Server;
  /** Removes what the listener left in the file system. Safe to call at any time and more than once. */
  readonly remove: () => void;
}

/**
 * Listens on a Unix socket that only this user can reach, or on the loopback interface where that cannot be:
 * no Unix sockets on the system, a folder that cannot be written, a path too long for a socket.
 */
export async function listen(handshake: Handshake, transport: 'auto' | 'tcp'): Promise<Listener> {
  if (transport === 'auto' && process.platform !== 'win32') {
    try {
      return await listenUnix(handshake.socketDirectory ?? tmpdir());
    } catch {
      // TCP does the same service; the certificates keep other users out.
    }
  }
  return listenTcp(handshake.ports);
}

async function listenUnix(directory: string): Promise<Listener> {
  // A fresh folder that others cannot enter: no name to guess, and nothing there to replace.
  const folder = mkdtempSync(join(directory, 'terraform-provider-'));
  const address = join(folder, 'socket');
  const remove = () => {
    for (const step of [
      () => {
        unlinkSync(address);
      },
      () => {
        rmdirSync(folder);
      },
    ]) {
      try {
        step();
      } catch {
        // Already gone.
      }
    }
  };
  const before = process.umask(0o077);
  try {
    if (Buffer.byteLength(address) > MAX_SOCKET_PATH) throw new Error(`too long for a socket: ${address}`);
    return { network: 'unix', address, server: await bind({ path: address }), remove };
  } catch (error) {
    remove();
    throw error;
  } finally {
    process.umask(before);
  }
}

async function listenTcp({ min, max }: Handshake['ports']): Promise<Listener> {
  const host = '127.0.0.1';
  for (let port = min; ; port += 1) {
    try {
      const server = await bind({ host, port });
      const bound = server.address();
      const address = `${host}:${typeof bound === 'object' && bound ? bound.port : port}`;
      return { network: 'tcp', address, server, remove: () => undefined };
    } catch (error) {
      if (port >= max) throw error;
    }
  }
}

function bind(where: { path: string } | { host: string; port: number }): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(where, () => {
      server.removeListener('error', reject);
      resolve(server);
    });
  });
}
