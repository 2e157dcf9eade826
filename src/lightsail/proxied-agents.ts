import type { Agent } from 'node:http';
import type { Agent as TlsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { asSdkError } from '../aws/sdk-error.js';
import { ProxyFailure } from './api-error.js';
import { proxyFor } from './proxy-rules.js';
import type { Target } from './proxy-rules.js';

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
export async function proxiedAgents(
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
