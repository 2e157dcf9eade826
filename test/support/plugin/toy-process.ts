import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { makeCertificate, type ServerCertificate } from '../../../src/plugin/process/certificate.js';

export const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

export interface ToyProcess {
  readonly child: ChildProcess;
  readonly network: string;
  readonly address: string;
  /** DER of the server's certificate; undefined without TLS. */
  readonly certificate: Buffer | undefined;
  readonly client: ServerCertificate;
  /** All that came on standard error so far. */
  readonly log: () => string;
  readonly exit: Promise<[code: number | null, signal: string | null]>;
}

export function pem({ certificate }: { certificate: Buffer }): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

/** The environment in which Terraform starts a provider, less everything that this machine has set. */
export function environment(extra: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    TF_PLUGIN_MAGIC_COOKIE: COOKIE,
    PLUGIN_PROTOCOL_VERSIONS: '5,6',
    ...extra,
  };
}

/** Starts the toy as Terraform would and waits for its handshake. */
export async function startToy(
  file: string,
  extra: Record<string, string | undefined> = {},
): Promise<ToyProcess> {
  const client = makeCertificate();
  const child = spawn(process.execPath, [file], {
    env: environment({ PLUGIN_CLIENT_CERT: pem(client), ...extra }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exit = once(child, 'exit') as ToyProcess['exit'];
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const [core, protocol, network = '', address = '', rpc, certificate = ''] = line.trimEnd().split('|');
  if (core !== '1' || protocol !== '6' || rpc !== 'grpc') throw new Error(`not a handshake: ${line}`);
  return {
    child,
    network,
    address,
    certificate: certificate === '' ? undefined : Buffer.from(certificate, 'base64'),
    client,
    log: () => log,
    exit,
  };
}
