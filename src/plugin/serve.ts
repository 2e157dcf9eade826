import { writeSync } from 'node:fs';
import { methods } from './calls/service.js';
import type { Session } from './calls/session.js';
import { createLog, logThreshold, type Redact, safely } from './log.js';
import { makeCertificate } from './process/certificate.js';
import { handshakeLine, readHandshake, startedByTerraform } from './process/handshake.js';
import { Lifetime, type Limits } from './process/lifetime.js';
import { listen } from './process/listen.js';
import { endProcess } from './process/end.js';
import { surviveStrayErrors, takeSignals } from './process/signals.js';
import type { Provider } from './provider.js';

export interface ServeOptions extends Partial<Limits> {
  /** The last thing done to every line of the log and every text shown to a user. */
  readonly redact?: Redact;
  /** `tcp`: the loopback interface even where a Unix socket would do. */
  readonly transport?: 'auto' | 'tcp';
}

const LIMITS: Limits = { connect: 60_000, drain: 60_000, shutdown: 1500 };

/** Runs a provider in this process, which Terraform started, until Terraform is done with it. */
export function serve<C>(provider: Provider<C>, options: ServeOptions = {}): void {
  const redact = safely(options.redact ?? ((text) => text));
  if (!startedByTerraform(process.env)) {
    writeSync(
      2,
      'This program is a Terraform provider. Terraform starts it; there is nothing to do with it by hand.\n',
    );
    process.exit(1);
  }
  start(provider, options, redact).catch((error: unknown) => {
    // Terraform shows its user what stands on standard output in place of the handshake.
    writeSync(1, `${redact(error instanceof Error ? error.message : String(error))}\n`);
    process.exit(1);
  });
}

async function start<C>(provider: Provider<C>, options: ServeOptions, redact: Redact): Promise<void> {
  const handshake = readHandshake(process.env);
  const threshold = logThreshold(process.env);
  const log = (fields: Readonly<Record<string, unknown>>) => createLog(threshold, redact, fields);
  const lifetime = new Lifetime({ ...LIMITS, ...options }, (reason) => {
    log({ reason }).debug('The provider ends');
    endProcess();
  });
  takeSignals(lifetime);
  surviveStrayErrors(log({}));

  const listener = await listen(handshake, options.transport ?? 'auto');
  process.on('exit', listener.remove);
  const client = handshake.clientCertificate;
  const certificates = client && { own: makeCertificate(), client };
  writeSync(1, `${handshakeLine(listener.network, listener.address, certificates?.own.certificate)}\n`);
  lifetime.awaitClient();

  // Terraform is on its way to us while the rest is loaded.
  const session: Session<C> = { provider, lifetime, redact, log, configured: undefined };
  const accept = import('./process/accept.js').then(({ acceptor }) =>
    acceptor(methods(session), lifetime, redact, certificates),
  );
  listener.server.on('connection', (socket) => {
    // Until TLS or HTTP/2 listens for them, errors of a connection are nobody's.
    socket.on('error', () => undefined);
    void accept.then((connect) => {
      connect(socket);
    });
  });
  await accept;
}
