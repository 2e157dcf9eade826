import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { Emulator } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

interface Validation {
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
    readonly range?: { readonly start: { readonly line: number } };
  }[];
}

const UNKNOWN_WORK = `rotation {\nafter_days = tonumber(terraform_data.name.output)\noverlap_hours = 99\n}
  hooks {\nafter_create { command = [terraform_data.name.output] }\n}`;

describe('What can be known to be wrong before an apply', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    terraform = await Terraform.create({ env: emulator.env });
    await terraform.write('main.tf', oneKey({}));
    await terraform.succeeds('init');
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });
  afterEach(() => {
    expect(emulator.log.filter((call) => call.operation === 'CreateBucketAccessKey')).toEqual([]);
  });

  function oneKey({
    bucket = '"uploads"',
    secret = 'terraform_output {}',
    more = '',
    provider = '',
  }: Readonly<Record<string, string>>): string {
    return stack({ provider, key: `bucket_name = ${bucket}\n  secret {\n    ${secret}\n  }\n  ${more}` });
  }

  async function errorsOf(parts: Record<string, string>) {
    const text = oneKey(parts);
    await terraform.write('main.tf', text);
    const outcome = await terraform.run('validate', '-json');
    const { diagnostics } = JSON.parse(outcome.stdout) as Validation;
    return diagnostics.map(({ summary, detail, range }) => ({
      summary,
      detail,
      line: text.split('\n')[(range?.start.line ?? 0) - 1]?.trim(),
    }));
  }

  it.each([
    ['two characters', 'ab'],
    ['55 characters', 'a'.repeat(55)],
    ['capitals', 'Uploads'],
    ['a leading dash', '-uploads'],
    ['an underscore', 'up_loads'],
  ])('refuses a bucket name with %s at its line, in the words of the API', async (_, name) => {
    const [error, ...others] = await errorsOf({ bucket: `"${name}"` });
    expect(others).toEqual([]);
    expect(error?.summary).toBe(`"${name}" is not the name of a Lightsail bucket`);
    expect(error?.detail).toContain('3 to 54 characters');
    expect(error?.line).toBe(`bucket_name = "${name}"`);
  });

  it('refuses a secret that names no destination', async () => {
    const [error] = await errorsOf({ secret: '' });
    expect(error?.summary).toBe('secret names no destination');
    expect(error?.line).toBe('secret {');
  });

  it('refuses a secret that names two destinations', async () => {
    const [error] = await errorsOf({ secret: 'terraform_output {}\nfile { path = "key.json" }' });
    expect(error?.summary).toBe('secret names 2 destinations: terraform_output and file');
    expect(error?.line).toBe('secret {');
  });

  it('refuses an empty path, an unknown format and a time limit that is none', async () => {
    const errors = await errorsOf({
      secret: 'file {\npath = " "\nformat = "yaml"\n}',
      more: 'verify_timeout_seconds = 0',
    });
    expect(errors.map(({ summary }) => summary).sort()).toEqual([
      'secret.file.format cannot be "yaml"',
      'secret.file.path is empty',
      'verify_timeout_seconds is out of range',
    ]);
    expect(errors.map(({ line }) => line).sort()).toEqual([
      'format = "yaml"',
      'path = " "',
      'verify_timeout_seconds = 0',
    ]);
  });

  it('refuses a provider block with half of a pair of credentials, a bad endpoint, role and number', async () => {
    const errors = await errorsOf({
      provider: `access_key   = "AKIAEXAMPLE"
  endpoints { lightsail = "localhost" }
  assume_role {
    role_arn = "admin"
    duration = "10s"
  }
  max_attempts = 0`,
    });
    const said = Object.fromEntries(errors.map(({ summary, line }) => [summary, line]));
    expect(said).toEqual({
      'The endpoint of lightsail is not a URL': 'endpoints { lightsail = "localhost" }',
      'access_key without secret_key': 'access_key   = "AKIAEXAMPLE"',
      'assume_role.duration: "10s" is not the duration of a session': 'duration = "10s"',
      'max_attempts is out of range': 'max_attempts = 0',
      'assume_role.role_arn: "admin" is not the ARN of a role': 'role_arn = "admin"',
    });
  });

  it.each([
    [
      'an unknown tier',
      'ssm_parameter {\nname = "n"\ntier = "Cheap"\n}',
      'tier = "Cheap"',
      'secret.ssm_parameter.tier cannot be "Cheap"',
    ],
    [
      'a program without a name',
      'command {\nwrite = []\n}',
      'write = []',
      'secret.command.write is an empty list',
    ],
    [
      'no recipient in a list of recipients',
      'terraform_output {\nage_recipients = []\n}',
      'age_recipients = []',
      'secret.terraform_output.age_recipients is an empty list',
    ],
    [
      'a recipient that is none',
      'terraform_output {\nage_recipients = [\n"age1x",\n]\n}',
      '"age1x",',
      'secret.terraform_output.age_recipients holds something that is no recipient',
    ],
  ])('refuses %s at its line', async (_, member, line, summary) => {
    const [error, ...others] = await errorsOf({ secret: member });
    expect(others).toEqual([]);
    expect(error).toMatchObject({ summary, line });
  });

  it.each([
    ['after_days = 0', 'rotation.after_days is out of range'],
    ['after_days = 1.5', 'rotation.after_days is out of range'],
    ['overlap_hours = 8761', 'rotation.overlap_hours is out of range'],
    [
      'overlap_hours = 48',
      'rotation.overlap_hours is not shorter than rotation.after_days',
      'after_days = 2',
    ],
    [
      'overlap_hours = null',
      'rotation.overlap_hours is not shorter than rotation.after_days',
      'after_days = 1',
    ],
    ['on_still_used = "wait"', 'rotation.on_still_used cannot be "wait"'],
  ])('refuses a rotation with %s at its line', async (line, summary, beside = '') => {
    const [error, ...others] = await errorsOf({ more: `rotation {\n${beside}\n${line}\n}` });
    expect(others).toEqual([]);
    expect(error).toMatchObject({ summary, line });
  });

  it.each([
    ['command = []', 'hooks.after_create.command names no program'],
    ['command = [" "]', 'hooks.after_create.command names no program'],
    ['command = ["x", null]', 'hooks.after_create.command[1] is null'],
    ['on_failure = "ignore"', 'hooks.after_create.on_failure cannot be "ignore"', 'command = ["x"]'],
    ['timeout_seconds = 3601', 'hooks.after_create.timeout_seconds is out of range', 'command = ["x"]'],
  ])('refuses a hook with %s at its line', async (line, summary, beside = '') => {
    const [error, ...others] = await errorsOf({
      more: `hooks {\nafter_create {\n${beside}\n${line}\n}\n}`,
    });
    expect(others).toEqual([]);
    expect(error).toMatchObject({ summary, line });
  });

  it('passes values that are not known yet', async () => {
    const text = `${oneKey({ bucket: 'terraform_data.name.output', secret: 'file { path = terraform_data.name.output }', more: UNKNOWN_WORK })}
resource "terraform_data" "name" { input = "uploads" }
`;
    await terraform.write('main.tf', text);
    expect((await terraform.succeeds('plan', '-no-color')).stdout).toContain('2 to add');
  });

  it('asks AWS nothing while the provider block is not known', async () => {
    const before = emulator.log.length;
    await terraform.write(
      'main.tf',
      `${oneKey({ provider: 'region = terraform_data.region.output' })}
resource "terraform_data" "region" { input = "us-east-1" }
`,
    );
    await terraform.succeeds('plan', '-no-color');
    expect(emulator.log).toHaveLength(before);
  });

  it.each([
    ['a folder that is missing', 'missing/key.json', 'does not exist (ENOENT)'],
    ['a folder that is a file', 'main.tf/key.json', 'is not a folder'],
    ['a path that is a folder', 'terraform.d', 'is not a regular file'],
    ['a file that somebody else has put there', 'foreign.txt', 'this provider did not write'],
  ])('refuses %s at plan, at its line', async (_, path, words) => {
    writeFileSync(join(terraform.folder, 'foreign.txt'), 'something of value');
    await terraform.write('main.tf', oneKey({ secret: `file { path = "${path}" }` }));
    const outcome = await terraform.plan();
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toContain(words);
    expect(outcome.stderr).toMatch(/\d+: {3}secret \{/);
  });

  it('does not mind, while planning, a bucket that does not exist yet', async () => {
    await terraform.write('main.tf', oneKey({ bucket: '"later"' }));
    expect((await terraform.succeeds('plan', '-no-color')).stdout).toContain('1 to add');
  });

  it('refuses at plan a bucket whose two keys are not in the state, and names both', async () => {
    emulator.createBucket('crowded');
    const unmanaged = [emulator.makeStrangerKey('crowded'), emulator.makeStrangerKey('crowded')];
    await terraform.write('main.tf', oneKey({ bucket: '"crowded"' }));
    const outcome = await terraform.plan();
    expect(outcome.code).toBe(1);
    for (const { accessKeyId } of unmanaged) expect(outcome.stderr).toContain(accessKeyId);
    expect(outcome.stderr).toContain('bucket_name = "crowded"');
    expect(outcome.stderr).toContain('no room for another access key');
  });

  it('warns at plan of one key that is not in the state, with its age and last use', async () => {
    emulator.createBucket('shared-bucket');
    const stranger = emulator.makeStrangerKey('shared-bucket');
    await terraform.write('main.tf', oneKey({ bucket: '"shared-bucket"' }));
    const { stdout } = await terraform.succeeds('plan', '-no-color');
    expect(stdout).toContain(`Bucket shared-bucket already holds key ${stranger.accessKeyId}`);
    expect(unwrap(stdout)).toMatch(/Active, made .* never used/);
  });
});
