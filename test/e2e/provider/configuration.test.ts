import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Emulator, TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const DATA = 'data "lightsail_bucket_access_keys" "all" { bucket_name = "uploads" }';
const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;
const ASSUMED = {
  accessKeyId: 'ASIAASSUMEDROLEKEYID',
  secretAccessKey: 'secret/of+the/assumed+role/0000000000000',
  sessionToken: 'token-of-the-assumed-role',
};

describe('The provider block', () => {
  let emulator: Emulator;
  let terraform: Terraform;
  let clean: Record<string, string>;

  beforeAll(async () => {
    emulator = await Emulator.start({
      buckets: ['uploads'],
      region: 'eu-central-1',
      credentials: [TEST_CREDENTIALS, ASSUMED],
    });
    terraform = await Terraform.create();
    await terraform.write('main.tf', stack({ more: DATA }));
    await terraform.succeeds('init');
    clean = { ...terraform.env };
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });
  beforeEach(() => {
    for (const name of Object.keys(terraform.env)) Reflect.deleteProperty(terraform.env, name);
    Object.assign(terraform.env, clean);
  });

  async function plan(provider: string): Promise<{ code: number | null; said: string }> {
    await terraform.write('main.tf', stack({ provider, more: DATA }));
    const { code, stdout, stderr } = await terraform.plan();
    return { code, said: unwrap(stdout + stderr) };
  }

  it('reaches AWS with nothing but its own arguments', async () => {
    const { code } = await plan(`
      region     = "eu-central-1"
      access_key = "${accessKeyId}"
      secret_key = "${secretAccessKey}"
      endpoints { lightsail = "${emulator.url}" }`);
    expect(code).toBe(0);
  });

  it('takes from the environment what its block leaves out', async () => {
    Object.assign(terraform.env, emulator.env);
    expect((await plan('')).code).toBe(0);
  });

  it('reads a profile from several shared files, of which later ones win', async () => {
    await terraform.write('a.config', `[profile team]\nregion = us-west-2\noutput = json\n`);
    await terraform.write('b.config', `[profile team]\nregion = eu-central-1\n`);
    await terraform.write(
      'c.credentials',
      `[team]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = no\n`,
    );
    await terraform.write(
      'd.credentials',
      `[team]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    const { code } = await plan(`
      profile                  = "team"
      shared_config_files      = ["a.config", "b.config"]
      shared_credentials_files = ["c.credentials", "d.credentials"]
      endpoints { lightsail = "${emulator.url}" }`);
    expect(code).toBe(0);
  });

  it('says which shared file cannot be read', async () => {
    const { code, said } = await plan(`
      shared_config_files = ["missing.config", "other.config"]
      endpoints { lightsail = "${emulator.url}" }`);
    expect(code).toBe(1);
    expect(said).toContain('The shared AWS file missing.config cannot be read');
  });

  it('says what to do when no region is to be had', async () => {
    const { code, said } = await plan('');
    expect(code).toBe(1);
    expect(said).toContain('The AWS region is not known. Set region in the provider block');
  });

  it('says what to do when there are no credentials', async () => {
    const { code, said } = await plan(
      `region = "eu-central-1"\n endpoints { lightsail = "${emulator.url}" }`,
    );
    expect(code).toBe(1);
    expect(said).toContain('there are no AWS credentials');
    expect(said).toContain('Set profile in the provider block');
  });

  it('repeats a call that is safe to repeat as often as max_attempts says', async () => {
    Object.assign(terraform.env, emulator.env);
    const failing = {
      operation: 'GetBucketAccessKeys',
      kind: 'error',
      when: 'before',
      type: 'ServiceException',
      status: 500,
      times: 'always',
    } as const;
    const fault = emulator.faults.add(failing);
    expect((await plan('max_attempts = 2')).code).toBe(1);
    expect(fault.hits).toBe(2);
    fault.remove();
    emulator.faults.add({ ...failing, times: 2 });
    expect((await plan('max_attempts = 3')).code).toBe(0);
    emulator.faults.clear();
  });

  it('refuses credentials that AWS refuses, without printing them', async () => {
    const { code, said } = await plan(`
      region     = "eu-central-1"
      access_key = "${accessKeyId}"
      secret_key = "wrong-secret-of-the-author"
      endpoints { lightsail = "${emulator.url}" }`);
    expect(code).toBe(1);
    expect(said).toContain('GetBucketAccessKeys failed with');
    expect(said).not.toContain('wrong-secret-of-the-author');
  });

  describe('with a role to assume', () => {
    let sts: Server;
    let asked: URLSearchParams[];

    beforeAll(async () => {
      sts = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          asked.push(new URLSearchParams(body));
          response.setHeader('content-type', 'text/xml');
          response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
            <Credentials><AccessKeyId>${ASSUMED.accessKeyId}</AccessKeyId><SecretAccessKey>${ASSUMED.secretAccessKey}</SecretAccessKey>
            <SessionToken>${ASSUMED.sessionToken}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
            <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/keys/x</Arn><AssumedRoleId>A:x</AssumedRoleId></AssumedRoleUser>
            </AssumeRoleResult></AssumeRoleResponse>`);
        });
      });
      await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
    });
    beforeEach(() => {
      asked = [];
    });
    afterAll(() => new Promise((resolve) => sts.close(resolve)));

    it('asks STS once, in the words of the block', async () => {
      const { port } = sts.address() as AddressInfo;
      const { code, said } = await plan(`
        region      = "eu-central-1"
        access_key  = "AKIACALLER"
        secret_key  = "secret-of-the-caller"
        assume_role {
          role_arn     = "arn:aws:iam::123456789012:role/keys"
          session_name = "pipeline"
          external_id  = "outside"
          duration     = "1h30m"
          policy       = jsonencode({ Version = "2012-10-17", Statement = [] })
          policy_arns  = ["arn:aws:iam::123456789012:policy/keys"]

          source_identity     = "runner-7"
          tags                = { team = "media", stage = "live" }
          transitive_tag_keys = ["team"]
        }
        endpoints {
          lightsail = "${emulator.url}"
          sts       = "http://127.0.0.1:${port}"
        }`);
      expect(said).toContain('No changes');
      expect(code).toBe(0);
      expect(asked).toHaveLength(1);
      expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
        Action: 'AssumeRole',
        RoleArn: 'arn:aws:iam::123456789012:role/keys',
        RoleSessionName: 'pipeline',
        ExternalId: 'outside',
        DurationSeconds: '5400',
        Policy: '{"Statement":[],"Version":"2012-10-17"}',
        'PolicyArns.member.1.arn': 'arn:aws:iam::123456789012:policy/keys',
        SourceIdentity: 'runner-7',
        'Tags.member.1.Key': 'stage',
        'Tags.member.1.Value': 'live',
        'Tags.member.2.Key': 'team',
        'Tags.member.2.Value': 'media',
        'TransitiveTagKeys.member.1': 'team',
      });
    });

    it('does not ask STS without one', async () => {
      Object.assign(terraform.env, emulator.env);
      const { port } = sts.address() as AddressInfo;
      await plan(`endpoints { sts = "http://127.0.0.1:${port}" }`);
      expect(asked).toEqual([]);
    });
  });
});
