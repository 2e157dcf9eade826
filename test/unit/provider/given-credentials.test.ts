import { givenCredentials } from '../../../src/provider/settings.js';
import { Redactor } from '../../../src/secret/redactor.js';

function redacted(text: string, env: Record<string, string>, config = {}): string {
  const redactor = new Redactor();
  for (const secret of givenCredentials(config, env)) redactor.learn(secret);
  return redactor.redact(text);
}

it.each([
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'VAULT_TOKEN',
  'BAO_TOKEN',
  'VAULT_ROLE_ID',
  'BAO_ROLE_ID',
  'VAULT_SECRET_ID',
  'BAO_SECRET_ID',
])('what a program prints of %s is redacted', (name) => {
  expect(redacted(`${name}=open-sesame-open`, { [name]: 'open-sesame-open' })).toBe(`${name}=********`);
});

it.each([
  'VAULT_ADDR',
  'BAO_ADDR',
  'VAULT_AGENT_ADDR',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'ALL_PROXY',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
])('the login in %s is redacted, as it is written, as it is meant, and its password alone', (name) => {
  const env = { [name]: 'https://svc:p%40ss-of-svc@host.test:8200/v1' };
  const printed = 'https://svc:p%40ss-of-svc@host.test:8200/v1 svc:p@ss-of-svc p@ss-of-svc p%40ss-of-svc';
  expect(redacted(printed, env)).toBe('https://********@host.test:8200/v1 ******** ******** ********');
  const basic = Buffer.from('svc:p@ss-of-svc').toString('base64');
  expect(redacted(`Basic ${basic}`, env)).not.toContain(basic);
});

it('an address without a scheme may have a login as well, and a path with an @ is none', () => {
  expect(redacted('svc:p@ss-of-svc', { HTTPS_PROXY: 'svc:p@ss-of-svc@proxy:3128' })).toBe('********');
  expect(redacted('host.test/team@home', { VAULT_ADDR: 'https://host.test/team@home' })).toBe(
    'host.test/team@home',
  );
});

it('what the provider block holds is redacted', () => {
  const config = {
    secret_key: 'secret-of-the-block',
    token: 'token-of-the-block',
    endpoints: { vault: 'https://svc:password-of-svc@vault.test', s3: null },
  };
  const printed = 'secret-of-the-block token-of-the-block password-of-svc';
  expect(redacted(printed, {}, config)).toBe('******** ******** ********');
});

it('other variables stay readable', () => {
  const env = { HOME: '/home/somebody', AWS_REGION: 'eu-central-1', GIT_URL: 'https://somebody@host.test' };
  const printed = Object.entries(env)
    .map((pair) => pair.join('='))
    .join('\n');
  expect(redacted(printed, env)).toBe(printed);
});
