import { BlockList, isIP } from 'node:net';
import { ProxyFailure } from './api-error.js';

/** Where a connection is to go. */
export interface Target {
  readonly protocol: 'http:' | 'https:';
  readonly host: string;
  readonly port: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function hasProxy(env: Environment = process.env): boolean {
  return Boolean(variable(env, 'HTTPS_PROXY') ?? variable(env, 'HTTP_PROXY'));
}

/**
 * The proxy on the way to a target, by the rules of Go's `httpproxy`, which the AWS provider follows: libraries for
 * Node take `NO_PROXY=amazonaws.com` for that one name, and know no networks (`10.0.0.0/8`).
 */
export function proxyFor(target: Target, env: Environment = process.env): URL | null {
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = variable(env, name);
  if (!proxy || isExempt(target, variable(env, 'NO_PROXY') ?? '')) return null;
  const url = parsed(/^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`);
  // The value may hold a password.
  if (!url) throw new ProxyFailure(`${name} is not the address of an HTTP proxy, such as http://proxy:3128.`);
  return url;
}

function isExempt({ host, port }: Target, list: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (name === 'localhost' || isWithin(name, '127.0.0.0/8') || isWithin(name, '::1/128')) return true;
  return list.split(',').some((item) => {
    const entry = item.trim().toLowerCase();
    if (entry === '' || entry === '*') return entry === '*';
    if (entry.includes('/')) return isWithin(name, entry);
    const [, bare = entry, entryPort] = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
    if (entryPort && Number(entryPort) !== port) return false;
    const domain = bare.replace(/^\[|\]$/g, '').replace(/^\*\./, '.');
    return domain.startsWith('.') ? name.endsWith(domain) : name === domain || name.endsWith(`.${domain}`);
  });
}

function isWithin(address: string, network: string): boolean {
  const [start = '', bits] = network.split('/');
  const family = isIP(start) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || isIP(address) !== isIP(start)) return false;
  const length = Number(bits);
  if (!bits || !Number.isInteger(length) || length > (family === 'ipv6' ? 128 : 32)) return false;
  const block = new BlockList();
  block.addSubnet(start, length, family);
  return block.check(address, family);
}

function variable(env: Environment, name: string): string | undefined {
  return [env[name], env[name.toLowerCase()]].find((value) => value !== undefined && value !== '');
}

function parsed(address: string): URL | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
}
