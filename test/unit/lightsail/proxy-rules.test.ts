import { hasProxy, proxyFor } from '../../../src/lightsail/proxy-rules.js';

const HTTPS_PROXY = 'http://proxy:3128';
const to = (host: string, env: Record<string, string>, port = 443) =>
  proxyFor({ protocol: 'https:', host, port }, { HTTPS_PROXY, ...env })?.href ?? null;

it.each([
  ['a.amazonaws.com', 'amazonaws.com'],
  ['amazonaws.com', 'amazonaws.com'],
  ['A.amazonaws.com', '.AMAZONAWS.com'],
  ['a.amazonaws.com', '*.amazonaws.com'],
  ['a.amazonaws.com', 'x.test, amazonaws.com:443'],
  ['a.amazonaws.com', '*'],
  ['10.1.2.3', '10.0.0.0/8'],
  ['10.1.2.3', '10.1.2.3'],
  ['fd00::1', 'fd00::/8'],
  ['fd00::1', '[fd00::1]:443'],
  ['localhost', ''],
  ['127.0.0.7', ''],
  ['::1', ''],
])('%s is asked directly with NO_PROXY=%s', (host, list) => {
  expect(to(host, { NO_PROXY: list })).toBeNull();
  expect(to(host, { no_proxy: list })).toBeNull();
});

it.each([
  ['amazonaws.com', '.amazonaws.com'],
  ['notamazonaws.com', 'amazonaws.com'],
  ['a.amazonaws.com', 'amazonaws.com:80'],
  ['11.1.2.3', '10.0.0.0/8'],
  ['10.1.2.3', '10.0.0.0/99'],
  ['a.test', '10.0.0.0/8'],
  ['a.test', ''],
])('%s is asked through the proxy with NO_PROXY=%s', (host, list) => {
  expect(to(host, { NO_PROXY: list })).toBe('http://proxy:3128/');
});

it('a proxy without a scheme is an HTTP proxy', () => {
  expect(to('a.test', { HTTPS_PROXY: 'proxy:8080' })).toBe('http://proxy:8080/');
});

it('variables that are empty count as unset', () => {
  expect(to('a.test', { HTTPS_PROXY: '', https_proxy: 'http://lower:1' })).toBe('http://lower:1/');
  expect(hasProxy({ HTTPS_PROXY: '', http_proxy: '' })).toBe(false);
  expect(hasProxy({ http_proxy: 'http://lower:1' })).toBe(true);
});
