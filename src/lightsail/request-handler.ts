import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { LARGEST_BUNDLE, readRegular } from '../files/regular-file.js';
import { proxiedAgents } from './proxied-agents.js';
import { hasProxy } from './proxy-rules.js';

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
    readonly extraCaCertificates: readonly string[] | undefined;
    readonly reuse: boolean;
    readonly limits: TimeLimits;
  },
): Promise<NodeHttpHandler> {
  const { limits, reuse: keepAlive } = options;
  const trust = await trusted(options.extraCaCertificates ?? []);
  return new Handler({
    connectionTimeout: limits.connect,
    requestTimeout: limits.answer,
    socketTimeout: limits.answer,
    throwOnRequestTimeout: true,
    // The proxy's limit is the shorter one: then it is certain that nothing was sent.
    ...(hasProxy()
      ? await proxiedAgents({ keepAlive, ...trust }, limits.connect * 0.9)
      : { httpAgent: { keepAlive }, httpsAgent: { keepAlive, ...trust } }),
  });
}

/** The launcher keeps NODE_EXTRA_CA_CERTS from Node's start, where it costs up to 170 ms; it is read here. */
async function trusted(paths: readonly string[]): Promise<{ ca: string[] } | undefined> {
  if (paths.length === 0) return undefined;
  const { rootCertificates } = await import('node:tls');
  // Like Node, which goes on without a file that it cannot read.
  const read = await Promise.all(paths.map((path) => readRegular(path, LARGEST_BUNDLE).catch(() => '')));
  const extra = read.filter((text) => text !== '');
  return extra.length > 0 ? { ca: [...rootCertificates, ...extra] } : undefined;
}
