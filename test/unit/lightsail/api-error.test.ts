import { describe as describeError, isNeverSent } from '../../../src/lightsail/api-error.js';

const QUOTED = `Unexpected token 'S', ..."cessKey":"S3cr3t" is not valid JSON`;

it.each([
  ['an answer that could not be parsed', { name: 'SyntaxError', message: 'Unexpected token S3cr3t' }, true],
  ['the same, before anything was sent', { name: 'SyntaxError', message: 'Unexpected token S3cr3t' }, false],
  ['credentials that could not be parsed', { name: 'CredentialsProviderError', message: QUOTED }, false],
  ['an error of no known kind, once something was sent', { name: 'Error', message: 'S3cr3t' }, true],
])('the words of %s are not shown: they may quote it', (_name, error, sent) => {
  const said = describeError('CreateBucketAccessKey', error, { sent });
  expect(said).toBe(`CreateBucketAccessKey failed with ${error.name}.`);
});

it.each([
  ['prod', /for profile prod \(.+\)\. The call changed no key\. .*aws sso login --profile prod/],
  [undefined, /no AWS credentials \(.+\)\. The call changed no key\. Set profile/],
])('credentials that are nowhere: what happened, what it means, what to do (profile %s)', (profile, said) => {
  const error = {
    name: 'CredentialsProviderError',
    message: 'Could not load credentials from any providers',
  };
  expect(describeError('CreateBucketAccessKey', error, { sent: false, profile })).toMatch(said);
});

it('the words of the service and of this machine are', () => {
  const answered = {
    name: 'AccessDenied',
    message: 'No.',
    $fault: 'client',
    $metadata: { httpStatusCode: 403, requestId: 'r' },
  };
  expect(describeError('X', answered)).toBe('X failed with AccessDenied: No. (HTTP 403, request r)');
  expect(describeError('X', { ...answered, name: 'AccessDeniedException' })).toBe(
    'X failed with AccessDeniedException: No. (HTTP 403, request r) Allow lightsail:X for these credentials; the command "lightsail-access-key policy" prints all that is needed.',
  );
  const refused = { name: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' };
  expect(describeError('X', refused)).toBe('X failed with Error: connect ECONNREFUSED. (ECONNREFUSED)');
});

describe('A network that has no way to the host', () => {
  const failure = (code: string, syscall?: string) => ({
    name: 'Error',
    message: code,
    code,
    ...(syscall !== undefined && { syscall }),
  });

  it.each(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'])(
    'has let nothing through where %s came of connecting, and may have where it came later',
    (code) => {
      expect(isNeverSent(failure(code, 'connect'))).toBe(true);
      for (const syscall of ['read', 'write', undefined])
        expect(isNeverSent(failure(code, syscall))).toBe(false);
    },
  );

  it('has let nothing through where no address of the host could be connected to', () => {
    const each = ['ENETUNREACH', 'EHOSTUNREACH'].map((code) => failure(code, 'connect'));
    expect(isNeverSent({ ...failure('ENETUNREACH'), errors: each })).toBe(true);
    expect(
      isNeverSent({ ...failure('ENETUNREACH'), errors: [...each, failure('ENETUNREACH', 'read')] }),
    ).toBe(false);
  });
});
