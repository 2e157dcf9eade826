import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Methods, serveGrpc } from '../grpc/server.js';
import type { Redact } from '../log.js';
import type { ServerCertificate } from './certificate.js';
import { createHttp2Server } from './http2.js';
import type { Lifetime } from './lifetime.js';
import { mutualTls } from './mutual-tls.js';

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
