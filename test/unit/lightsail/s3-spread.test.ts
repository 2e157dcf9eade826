import { spreadOfStandIn } from '../../../src/lightsail/s3-check.js';

it.each(['http://127.0.0.1:4566', 'http://localhost:4566', 'http://[::1]:4566', 'http://127.3.2.1'])(
  'of %s, on this machine, the environment may say how long a new key takes to spread',
  (endpoint) => {
    expect(spreadOfStandIn(endpoint, { LIGHTSAIL_S3_SPREAD_MS: '250' })).toBe(250);
    expect(spreadOfStandIn(endpoint, {})).toBeUndefined();
  },
);

it.each([
  undefined,
  '',
  'https://s3.eu-central-1.amazonaws.com',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'http://10.0.0.1:9000',
  'nonsense',
])('of %s nobody can say it', (endpoint) => {
  expect(spreadOfStandIn(endpoint, { LIGHTSAIL_S3_SPREAD_MS: '0' })).toBeUndefined();
});

it.each(['', '-1', 'soon', '1e9', '10000000'])('%j is no such time', (spread) => {
  expect(spreadOfStandIn('http://127.0.0.1', { LIGHTSAIL_S3_SPREAD_MS: spread })).toBeUndefined();
});
