import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { LARGEST_BUNDLE, readRegular } from '../files/regular-file.js';
import { hasProxy, proxyFor } from './proxy-rules.js';
import type { Agent } from 'node:http';
import type { Agent as TlsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { asSdkError } from '../aws/sdk-error.js';
import { ProxyFailure } from './api-error.js';
import type { Target } from './proxy-rules.js';

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

interface AgentSettings {
  readonly keepAlive: boolean;
  readonly ca?: string[];
}

interface Options {
  readonly host: string;
  readonly port: number | string;
  readonly timeout?: number;
}
type Done = (error: Error | null, socket?: Duplex) => void;
/** What Node's agents and those of the library have, and no declaration tells. */
interface Connecting {
  createConnection(options: Options, done: Done): Duplex | undefined;
}

/** As many at once as the SDK's own agents allow. */
const MAX_SOCKETS = 50;

/**
 * Agents that look at each connection's own target: one client asks STS and SSO over its agents too. A connection
 * through a proxy is a tunnel (CONNECT), kept or not as any other.
 */
async function proxiedAgents(
  settings: AgentSettings,
  limit: number,
): Promise<{ readonly httpAgent: Agent; readonly httpsAgent: TlsAgent }> {
  const [http, https, { HttpProxyAgent, HttpsProxyAgent }] = await Promise.all([
    import('node:http'),
    import('node:https'),
    import('./proxy-sdk.js'),
  ]);
  const own = { ...settings, maxSockets: MAX_SOCKETS };
  const tunnel = { ...settings, proxyRequestOptions: settings.ca ? { ca: settings.ca } : {} };
  return {
    httpAgent: proxied(
      new http.Agent(own),
      'http:',
      limit,
      (proxy) => new HttpProxyAgent({ ...tunnel, proxy }),
    ),
    httpsAgent: proxied(
      new https.Agent(own),
      'https:',
      limit,
      (proxy) => new HttpsProxyAgent({ ...tunnel, proxy }),
    ),
  };
}

function proxied<A extends Agent>(
  agent: A,
  protocol: Target['protocol'],
  limit: number,
  agentOf: (proxy: URL) => Agent,
): A {
  const own = agent as unknown as Connecting;
  const direct = own.createConnection.bind(agent);
  own.createConnection = (options, done) => {
    const { host, port } = options;
    let proxy: URL | null;
    try {
      proxy = proxyFor({ protocol, host, port: Number(port) });
    } catch (error) {
      done(error as ProxyFailure);
      return undefined;
    }
    if (!proxy) return direct(options, done);
    const { origin } = proxy;
    const tunnel = agentOf(proxy) as unknown as Connecting;
    tunnel.createConnection({ ...options, timeout: limit }, (error, socket) => {
      done(error && failure(`Proxy ${origin} gave no connection to ${host}:${port}`, error), socket);
    });
    return undefined;
  };
  return agent;
}

function failure(what: string, thrown: Error): ProxyFailure {
  const { message, code } = asSdkError(thrown);
  const status = /^Bad response: (\d+)$/.exec(message)?.[1];
  return new ProxyFailure(`${what}: ${status ? `it answered HTTP ${status}` : message}.`, code);
}
