import { createServer } from 'node:http2';
import type { Http2Server } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { serveGrpc } from '../grpc.js';
import type { Methods } from '../grpc.js';
import type { Redact } from '../log.js';
import type { ServerCertificate } from './certificate.js';
import type { Lifetime } from './lifetime.js';

/** Builds what happens to a connection: TLS where Terraform wants it, HTTP/2, gRPC. Loaded after the handshake. */
export function acceptor(
  methods: Methods,
  lifetime: Lifetime,
  redact: Redact,
  certificates: { readonly own: ServerCertificate; readonly client: Buffer } | undefined,
): (socket: Socket) => void {
  const server = createHttp2Server();
  server.on('stream', ({ session }) => {
    if (session) lifetime.clientCalled(session);
  });
  serveGrpc(server, methods, redact);
  const speakHttp2 = (socket: Duplex) => {
    server.emit('connection', socket);
  };
  return certificates ? mutualTls(certificates.own, certificates.client, speakHttp2) : speakHttp2;
}

/** In megabytes; Node's 10 would end the connection over one large value. */
const MAX_SESSION_MEMORY = 1024;
/** Bytes on their way without confirmation; the 64 KB of HTTP/2 would make large values slow. */
const STREAM_WINDOW = 4 * 1024 * 1024;
const CONNECTION_WINDOW = 4 * STREAM_WINDOW;

function createHttp2Server(): Http2Server {
  const server = createServer({
    maxSessionMemory: MAX_SESSION_MEMORY,
    settings: { initialWindowSize: STREAM_WINDOW },
  });
  server.on('session', (session) => {
    session.setLocalWindowSize(CONNECTION_WINDOW);
  });
  return server;
}

/** A client that does not finish the TLS handshake is not kept waiting for. */
const HANDSHAKE_TIMEOUT = 10_000;

/**
 * Puts TLS on a connection and hands on only the client that shows exactly the expected certificate.
 *
 * The certificate is compared byte for byte, as both sides were made for this one run; there is no authority to ask.
 * `ca: []` keeps Node 20 from parsing its 140 root certificates, which costs more than all the rest of the start.
 */
function mutualTls(
  own: ServerCertificate,
  clientCertificate: Buffer,
  onSecure: (socket: TLSSocket) => void,
): (socket: Socket) => void {
  const server = createTlsServer({
    key: own.privateKey,
    cert: toPem(own.certificate),
    ca: [],
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['h2'],
    handshakeTimeout: HANDSHAKE_TIMEOUT,
  });
  server.on('secureConnection', (socket) => {
    const shown = socket.getPeerX509Certificate()?.raw;
    if (shown?.equals(clientCertificate)) onSecure(socket);
    else socket.destroy();
  });
  server.on('tlsClientError', (_, socket) => {
    socket.destroy();
  });
  return (socket) => {
    server.emit('connection', socket);
  };
}

function toPem(certificate: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
