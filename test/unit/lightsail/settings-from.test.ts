import { settingsFrom } from '../../../src/provider/settings.js';
import { isolateEnvironment } from './environment.js';

isolateEnvironment();

it.each([
  [{ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, null, 'a'],
  [{ AWS_DEFAULT_REGION: 'b' }, null, 'b'],
  [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'b' }, '', 'b'],
  [{ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, 'c', 'c'],
  // Nothing is set: the SDK looks into the profile.
  [{}, null, undefined],
])('with %j and region %j the region is %j', (variables, region, expected) => {
  Object.assign(process.env, variables);
  expect(settingsFrom({ region }).region).toBe(expected);
});

it('an endpoint that is empty is one that is not set', () => {
  expect(settingsFrom({ endpoints: { lightsail: '', s3: 'http://s3', vault: '' } })).toMatchObject({
    endpoints: { s3: 'http://s3' },
  });
  expect(settingsFrom({ endpoints: { lightsail: '' } }).endpoints).toEqual({});
  expect(settingsFrom({ endpoints: { vault: '' } })).not.toHaveProperty('vaultAddress');
});

it('the authorities of Node and of AWS_CA_BUNDLE are trusted, one or both', () => {
  expect(settingsFrom({})).not.toHaveProperty('extraCaCertificates');
  process.env.AWS_CA_BUNDLE = '/aws.pem';
  expect(settingsFrom({}).extraCaCertificates).toEqual(['/aws.pem']);
  process.env.LIGHTSAIL_EXTRA_CA_CERTS = '/node.pem';
  expect(settingsFrom({}).extraCaCertificates).toEqual(['/node.pem', '/aws.pem']);
});

it('max_attempts is for throttled lists, too; without it they are tried more often than other calls', () => {
  expect(settingsFrom({})).toMatchObject({ maxAttempts: 5, throttledAttempts: 11 });
  expect(settingsFrom({ max_attempts: 2 })).toMatchObject({ maxAttempts: 2, throttledAttempts: 2 });
});
