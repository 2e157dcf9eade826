/** What Terraform says through the environment when it starts a provider. */
export interface Handshake {
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
      `This provider speaks Terraform's plugin protocol ${PROTOCOL_VERSION}, and this Terraform offers ` +
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

/** The one line on standard output that tells Terraform where to connect. */
export function handshakeLine(network: 'unix' | 'tcp', address: string, certificate?: Buffer): string {
  const encoded = certificate?.toString('base64').replace(/=+$/, '') ?? '';
  return [CORE_PROTOCOL_VERSION, PROTOCOL_VERSION, network, address, 'grpc', encoded].join('|');
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
