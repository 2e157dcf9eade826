import { withoutSecretLike } from '../../../src/secret/redactor.js';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

test.each([
  SECRET,
  `"secretAccessKey":"${SECRET}"}`,
  `AWS_SECRET_ACCESS_KEY=${SECRET}\n`,
  `${SECRET}, ${SECRET}`,
])('what looks like the secret of an access key is taken out of %j', (text) => {
  expect(withoutSecretLike(text)).not.toContain('wJalr');
  expect(withoutSecretLike(text)).toContain('********');
});

test.each([
  'commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad',
  'AKIAIOSFODNN7EXAMPLE',
  '/usr/local/lib/node_modules/some-tool/bin/run.mjs',
  `${SECRET}longer`,
])('%j stays as it is', (text) => {
  expect(withoutSecretLike(text)).toBe(text);
});
