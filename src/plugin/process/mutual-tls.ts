import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { ServerCertificate } from './certificate.js';

/** A client that does not finish the TLS handshake is not kept waiting for. */
const HANDSHAKE_TIMEOUT = 10_000;

/**
 * Puts TLS on a connection and hands on only the client that shows exactly the expected certificate.
 *
 * The certificate is compared byte for byte, as both sides were made for this one run; there is no authority to ask.
 * `ca: []` keeps Node 20 from parsing its 140 root certificates, which costs more than all the rest of the start.
 */
export function mutualTls(
  own: ServerCertificate,
  clientCertificate: Buffer,
  onSecure: (socket: TLSSocket) => void,
): (socket: Socket) => void {
  const server = createServer({
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
