import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe as describeError } from '../../../src/lightsail/api-error.js';
import { refused } from '../../../src/destinations/aws-refusal.js';
import { Connection } from '../../../src/lightsail/connection.js';
import { temporaryFolder } from '../../support/temporary/folder.js';
import { isolateEnvironment } from './environment.js';
import { BUCKET, clientFor, REGION, serveRaw } from './lab.js';

isolateEnvironment();
let config: string;
let credentials: string;
beforeEach(() => {
  const folder = temporaryFolder('credentials');
  config = join(folder, 'config');
  credentials = join(folder, 'credentials');
  writeFileSync(credentials, '');
  Object.assign(process.env, { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials });
});

/** What a list says without the credentials of a provider block, where nobody answers. */
async function said(text: string, env: Record<string, string> = {}, settings: object = {}): Promise<string> {
  writeFileSync(config, text);
  Object.assign(process.env, env);
  const { keys } = clientFor('http://127.0.0.1:1', {
    accessKeyId: '',

    ...settings,
  });
  return keys.list().then(
    () => 'It was not refused.',
    (error: unknown) => String(error),
  );
}

const NONE = 'There are no AWS credentials: ';
const CI = { AWS_PROFILE: 'ci' };

it.each<[string, string, Record<string, string>, (text: string) => string]>([
  ['a profile that does not exist', '', CI, () => `There is no profile ci in ${config} or ${credentials}.`],
  [
    'an absent sso_session',
    '[profile ci]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n',
    CI,
    () => `Profile ci names the SSO session corp, and ${config} has no [sso-session corp].`,
  ],
  [
    'an SSO session that was never begun',
    '[profile ci]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.test\n',
    CI,
    () => 'Sign in: aws sso login --profile ci.',
  ],
  [
    'an SSO profile without an account',
    '[profile ci]\nsso_session = corp\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.test\n',
    CI,
    () => `Profile ci in ${config} lacks sso_account_id, sso_role_name for its SSO session.`,
  ],
  [
    'a credential_process that fails',
    '[profile ci]\ncredential_process = sh -c "echo S3cr3t-of-the-program >&2; exit 3"\n',
    CI,
    () => `Run the command that stands at credential_process in ${config} by hand`,
  ],
  [
    'a credential_process that prints no JSON',
    '[profile ci]\ncredential_process = echo S3cr3t-of-the-program\n',
    CI,
    () => 'The credential_process of profile ci failed',
  ],
  [
    'a missing source_profile',
    '[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n',
    CI,
    () => 'Profile ci names source_profile base, and there is no such profile in',
  ],
  [
    'a role without anybody who assumes it',
    '[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/r\n',
    CI,
    () => 'Profile ci has a role_arn, and neither source_profile nor credential_source.',
  ],
  [
    'a broken source_profile behind another',
    '[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n[profile base]\ncredential_process = false\n',
    CI,
    () => 'The credential_process of profile base failed',
  ],
  [
    'a missing web identity token file of the environment',
    '',
    { AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent/token', AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/r' },
    () =>
      'The web identity token file /nonexistent/token cannot be read (ENOENT); AWS_WEB_IDENTITY_TOKEN_FILE names it.',
  ],
  [
    'a missing web identity token file of a profile',
    '[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = /nonexistent/token\n',
    CI,
    () =>
      'The web identity token file /nonexistent/token cannot be read (ENOENT); web_identity_token_file of profile ci names it.',
  ],
  [
    'a token file without a role',
    '',
    { AWS_WEB_IDENTITY_TOKEN_FILE: '/dev/null' },
    () => 'AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not.',
  ],
  [
    'half of a pair',
    '',
    { AWS_ACCESS_KEY_ID: 'AKIA' },
    () => 'AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not.',
  ],
  [
    'the other half',
    '',
    { AWS_SECRET_ACCESS_KEY: 'S3cr3t' },
    () => 'AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID is not.',
  ],
  [
    'an address of a container’s credentials that the SDK does not ask',
    '',
    { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://elsewhere.test/creds' },
    () => 'The address that AWS_CONTAINER_CREDENTIALS_FULL_URI names gave none',
  ],
  [
    'a missing token file of a container',
    '',
    {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/creds',
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/nonexistent/token',
    },
    () =>
      'The file /nonexistent/token that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names cannot be read (ENOENT).',
  ],
])('%s is named, and what to do', async (_what, text, env, words) => {
  const message = await said(text, env);
  expect(message).toContain(NONE);
  expect(message).toContain(words(text));
  expect(message).toMatch(/No key was changed\. (Add|Correct|Set|See|Sign|Run) /);
  expect(message).not.toContain('S3cr3t');
});

it('a shared file that cannot be read is named', async () => {
  mkdirSync(join(credentials, '..', 'folder'));
  const message = await said('', { AWS_SHARED_CREDENTIALS_FILE: `${credentials}/within` });
  expect(message).toContain(`The shared AWS file ${credentials}/within cannot be read (ENOTDIR).`);
  chmodSync(credentials, 0o600);
});

it('a role of the provider block is assumed by credentials whose absence is explained as well', async () => {
  const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/r' };
  expect(await said('', CI, { assumeRole })).toContain(`${NONE}There is no profile ci in`);
});

it('where the Region is not known for want of the profile, that is said', async () => {
  process.env.AWS_PROFILE = 'ci';
  const connection = new Connection({ maxAttempts: 1 });
  await expect(connection.region()).rejects.toThrow(`There is no profile ci in ${config} or ${credentials}.`);
  delete process.env.AWS_PROFILE;
  await expect(new Connection({ maxAttempts: 1 }).region()).rejects.toThrow('The AWS region is not known.');
});

it('a store explains it like Lightsail', async () => {
  process.env.AWS_PROFILE = 'ci';
  writeFileSync(config, '[profile ci]\ncredential_process = false\n');
  const options = await new Connection({ region: REGION, maxAttempts: 1 }).clientOptions('ssm');
  const thrown: unknown = await (options.credentials as () => Promise<unknown>)().catch(
    (error: unknown) => error,
  );
  const call = {
    service: 'Parameter Store',
    right: 'ssm:GetParameter',
    action: 'reading',
    place: 'parameter /a',
    region: REGION,
    kmsRights: 'kms:Decrypt',
  };
  const refusal = refused(thrown, call, () => null);
  expect(refusal.message).toBe(
    'There are no credentials for Parameter Store: The credential_process of profile ci failed, or did not print credentials as JSON of version 1.',
  );
  expect(refusal).toMatchObject({ mayPass: false, remedy: expect.stringContaining(config) as string });
});

it('a Region that is none is named where its host has no address', () => {
  const error = {
    name: 'Error',
    message: 'getaddrinfo ENOTFOUND lightsail.us-est-1.amazonaws.com',
    code: 'ENOTFOUND',
  };
  expect(describeError('GetBucketAccessKeys', error)).toContain('see that us-est-1 is a Region of AWS');
  const s3 = { ...error, message: `getaddrinfo ENOTFOUND ${BUCKET}.s3.us-est-1.amazonaws.com` };
  expect(describeError('ListObjectsV2', s3)).toContain('see that us-est-1 is a Region of AWS');
  const proxy = { ...error, message: 'getaddrinfo ENOTFOUND proxy.corp.test' };
  expect(describeError('GetBucketAccessKeys', proxy)).not.toContain('Region');
});

it('every secret of the credentials in use is told before anything is signed with it', async () => {
  const sts = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
    <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret-of-the-role</SecretAccessKey><SessionToken>token-of-the-role</SessionToken>
    <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  const server = await serveRaw((request, response) =>
    response.end(request.headers['x-amz-target'] ? '{"accessKeys":[]}' : sts),
  );
  writeFileSync(
    config,
    '[profile ci]\naws_access_key_id = AKIAFILE\naws_secret_access_key = secret-of-the-file\n',
  );
  writeFileSync(credentials, 'token-of-the-machine\n');
  Object.assign(process.env, {
    AWS_PROFILE: 'ci',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/file',
    AWS_WEB_IDENTITY_TOKEN_FILE: credentials,
  });
  const told: string[] = [];
  const connection = new Connection({
    region: REGION,
    maxAttempts: 1,
    endpoints: { lightsail: server.url, sts: server.url },
    assumeRole: { roleArn: 'arn:aws:iam::123456789012:role/r' },
    learn: (secret) => told.push(secret.reveal()),
  });
  await (await connection.readingClient()).config.credentials();
  await server.close();
  expect(new Set(told)).toEqual(
    new Set(['secret-of-the-file', 'token-of-the-machine', 'secret-of-the-role', 'token-of-the-role']),
  );
});
