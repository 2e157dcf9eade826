import { mkdtempSync, rmdirSync, unlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Terraform says through the environment when it starts a provider. */
interface Handshake {
  /** The certificate that the client will show, in DER; undefined when Terraform disabled TLS. */
  readonly clientCertificate: Buffer | undefined;
  /** Where the client wants the Unix socket to be. */
  readonly socketDirectory: string | undefined;
  /** The TCP ports the client allows, for systems without Unix sockets. */
  readonly ports: { readonly min: number; readonly max: number };
}

/** Not a secret: it tells a start by Terraform from a start by hand. */
const MAGIC_COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';
const CORE_PROTOCOL_VERSION = 1;
const PROTOCOL_VERSION = 6;

type Environment = Readonly<Record<string, string | undefined>>;

export function startedByTerraform(environment: Environment): boolean {
  return environment.TF_PLUGIN_MAGIC_COOKIE === MAGIC_COOKIE;
}

/** Throws when this Terraform and this provider do not understand one another. */
export function readHandshake(environment: Environment): Handshake {
  const offered = (environment.PLUGIN_PROTOCOL_VERSIONS ?? '').split(',').map((version) => version.trim());
  if (!offered.includes(String(PROTOCOL_VERSION))) {
    throw new Error(
      `This provider uses Terraform's plugin protocol ${PROTOCOL_VERSION}, and this Terraform offers ` +
        `${offered.filter(Boolean).join(', ') || 'none'}. Use Terraform 1.0 or later, or OpenTofu.`,
    );
  }
  const pem = nonEmpty(environment.PLUGIN_CLIENT_CERT);
  return {
    clientCertificate: pem === undefined ? undefined : certificateBytes(pem),
    socketDirectory: nonEmpty(environment.PLUGIN_UNIX_SOCKET_DIR),
    ports: { min: port(environment.PLUGIN_MIN_PORT), max: port(environment.PLUGIN_MAX_PORT) },
  };
}

function certificateBytes(pem: string): Buffer {
  const body = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/.exec(pem)?.[1];
  if (body === undefined) throw new Error('PLUGIN_CLIENT_CERT does not hold a certificate in PEM.');
  return Buffer.from(body, 'base64');
}

function port(text: string | undefined): number {
  return /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** The one line on standard output that tells Terraform where to connect. */
export function handshakeLine(network: 'unix' | 'tcp', address: string, certificate?: Buffer): string {
  const encoded = certificate?.toString('base64').replace(/=+$/, '') ?? '';
  return [CORE_PROTOCOL_VERSION, PROTOCOL_VERSION, network, address, 'grpc', encoded].join('|');
}

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
