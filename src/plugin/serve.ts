import { writeSync } from 'node:fs';
import { methods } from './calls/service.js';
import type { Session } from './calls/unary.js';
import { createLog, logThreshold, safely } from './log.js';
import type { Redact } from './log.js';
import { makeCertificate } from './process/certificate.js';
import { handshakeLine, listen, readHandshake, startedByTerraform } from './process/handshake.js';
import { Lifetime } from './process/lifetime.js';
import type { Limits } from './process/lifetime.js';
import type { Log, Provider } from './provider.js';

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
    // Until TLS or HTTP/2 listens for them, errors of a connection have no handler.
    socket.on('error', () => undefined);
    void accept.then((connect) => {
      connect(socket);
    });
  });
  await accept;
}

/** Node waits at its exit for what its threads have begun, and a read that hangs has no end. */
function endProcess(): void {
  const isReading = process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'));
  if (!isReading) process.exit(0);
  process.emit('exit', 0);
  process.kill(process.pid, 'SIGKILL');
}

/**
 * Ctrl-C reaches the whole process group, Terraform and its providers; it is Terraform that decides what it means,
 * and `StopProvider` that tells us. The other two ask this process to end, which it does after its running calls.
 */
function takeSignals(lifetime: Lifetime): void {
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      // Whoever asks again means at once.
      process.once(signal, () => {
        lifetime.exit(`${signal} again`);
      });
      void lifetime.leave(signal, lifetime.limits.drain);
    });
  }
}

/** A stray error in one call must not cut the others; and Node's own report of it would not be redacted. */
function surviveStrayErrors(log: Log): void {
  // Also for promises that were not awaited.
  process.on('uncaughtException', (error: unknown) => {
    log.error('An error outside of any call', {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  });
}
