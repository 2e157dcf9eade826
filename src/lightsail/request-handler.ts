import type { NodeHttpHandler } from '@smithy/node-http-handler';

export interface TimeLimits {
  /** Until the connection stands. */
  readonly connect: number;
  /** Until the answer begins, and again for every pause in it. */
  readonly answer: number;
  /** For one call in all, however slowly its answer trickles in. */
  readonly call: number;
}

/** In milliseconds. A connection that hangs is one whose answer is lost. */
export const TIME_LIMITS: TimeLimits = { connect: 10_000, answer: 30_000, call: 75_000 };

/** `reuse`: whether a connection may serve several calls. One that is about to be closed loses a call's answer. */
export async function requestHandler(
  { NodeHttpHandler: Handler }: { NodeHttpHandler: typeof NodeHttpHandler },
  options: {
    readonly extraCaCertificates: string | undefined;
    readonly reuse: boolean;
    readonly limits: TimeLimits;
  },
): Promise<NodeHttpHandler> {
  const { limits, reuse: keepAlive } = options;
  return new Handler({
    connectionTimeout: limits.connect,
    requestTimeout: limits.answer,
    socketTimeout: limits.answer,
    throwOnRequestTimeout: true,
    httpAgent: { keepAlive },
    httpsAgent: { keepAlive, ...(await trusted(options.extraCaCertificates)) },
  });
}

/** The launcher keeps NODE_EXTRA_CA_CERTS from Node's start, where it costs up to 170 ms; it is read here. */
async function trusted(path: string | undefined): Promise<{ ca: string[] } | undefined> {
  if (!path) return undefined;
  const [{ rootCertificates }, { readFile }] = await Promise.all([
    import('node:tls'),
    import('node:fs/promises'),
  ]);
  // Like Node, which goes on without a file that it cannot read.
  const extra = await readFile(path, 'utf8').catch(() => null);
  return extra ? { ca: [...rootCertificates, extra] } : undefined;
}
