import { Emulator } from '../../../src/emulator/index.js';
import { providerHead, stack, unwrap } from '../../support/stack.js';
import { readManifest } from '../../support/provider-build.js';
import { Terraform } from '../../support/terraform.js';

interface Validation {
  readonly diagnostics: readonly {
    readonly summary: string;
    readonly range?: { readonly start: { readonly line: number } };
  }[];
}

const ROLE = { role_arn: 'arn:aws:iam::123456789012:role/keys' };
const KEY_BODY = { bucket_name: 'uploads', secret: { terraform_output: {} } };
const HOOK = { command: ['x'] };

/** In each block some members that it does not have, and what has to stand there for them to be its only flaw. */
const MISSPELT: readonly (readonly [block: string, beside: object, ...members: string[]])[] = [
  ['provider.assume_role', ROLE, 'sesion_name', 'external', 'duration_seconds', 'polcy', 'policy_arn'],
  ['provider.assume_role', ROLE, 'source_id', 'tag', 'transitive_tags'],
  ['provider.endpoints', {}, 'lightsale', 'secrets_manager', 'ssm_parameter', 's3s'],
  ['resource.secret', { terraform_output: {} }, 'files', 'secretsmanager', 'ssm'],
  ['resource.secret.file', { path: 'k' }, 'fromat', 'age_recipient', 'mode'],
  ['resource.secret.terraform_output', {}, 'age_recipient', 'format'],
  ['resource.secret.secrets_manager', { secret_id: 'k' }, 'formt', 'kms_key_id'],
  ['resource.secret.ssm_parameter', { name: 'k' }, 'kms_key', 'teir'],
  ['resource.secret.vault_kv', { mount: 'k', path: 'k' }, 'namepsace', 'address'],
  ['resource.secret.command', { write: ['x'] }, 'deletes', 'read'],
  ['resource.rotation', {}, 'after_day', 'overlap_hour', 'keeper', 'on_still_use'],
  ['resource.hooks', {}, 'after_creation', 'before_destroy'],
  ['resource.hooks.after_create', HOOK, 'on_fail', 'timeout'],
  ['resource.hooks.before_delete', HOOK, 'timeout_second', 'args'],
  ['ephemeral.secret', { file: { path: 'k' } }, 'fil'],
  ['ephemeral.secret.file', { path: 'k' }, 'fromat'],
];
const COUNT = MISSPELT.reduce((sum, [, , ...members]) => sum + members.length, 0);

const KEY = 'lightsail_bucket_access_key';
const SECRET = 'lightsail_bucket_access_key_secret';

/** The configuration of all of them in Terraform's JSON: each misspelt member on a line of its own. */
function misspeltConfiguration(): object {
  const provider: object[] = [];
  const keys: Record<string, object> = {};
  const secrets: Record<string, object> = {};
  for (const [index, [block, beside, ...members]] of MISSPELT.entries()) {
    const [face = '', ...path] = block.split('.');
    const flaws = Object.fromEntries(members.map((member) => [member, 'misspelt']));
    const body = path.reduceRight<object>((inner, name) => ({ [name]: inner }), { ...beside, ...flaws });
    if (face === 'provider') {
      const alias = `p${index}`;
      provider.push({ alias, ...body });
      // Terraform does not look at a provider that nothing uses.
      keys[alias] = { provider: `lightsail.${alias}`, ...KEY_BODY };
    }
    if (face === 'ephemeral') secrets[`s${index}`] = body;
    if (face === 'resource') {
      keys[`k${index}`] = { ...KEY_BODY, ...body };
    }
  }
  return { provider: { lightsail: provider }, resource: { [KEY]: keys }, ephemeral: { [SECRET]: secrets } };
}

/** The same in HCL: what is an object is a block. */
function toHcl(body: object, indent = ''): string {
  return Object.entries(body)
    .map(([name, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? `${indent}${name} {\n${toHcl(value, `${indent}  `)}${indent}}\n`
        : `${indent}${name} = ${name === 'provider' ? String(value) : JSON.stringify(value)}\n`,
    )
    .join('');
}

function misspeltHcl(): string {
  const { provider, resource, ephemeral } = misspeltConfiguration() as Record<
    'provider' | 'resource' | 'ephemeral',
    Readonly<Record<string, Readonly<Record<string, object>>>>
  >;
  const heads = [
    ...Object.values(provider.lightsail ?? {}).map((body) => ['provider "lightsail"', body] as const),
    ...Object.entries(resource[KEY] ?? {}).map(
      ([name, body]) => [`resource "${KEY}" "${name}"`, body] as const,
    ),
    ...Object.entries(ephemeral[SECRET] ?? {}).map(
      ([name, body]) => [`ephemeral "${SECRET}" "${name}"`, body] as const,
    ),
  ];
  return heads.map(([head, body]) => `${head} {\n${toHcl(body, '  ')}}\n`).join('');
}

describe('Nested blocks', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start();
    terraform = await Terraform.create({ env: emulator.env });
    await terraform.write('versions.tf', providerHead(readManifest().version));
    await terraform.succeeds('init');
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });
  beforeEach(async () => {
    for (const bucket of emulator.buckets) emulator.deleteBucket(bucket);
    emulator.createBucket('uploads');
    await terraform.write('main.tf', '');
    await terraform.write('more.tf.json', '{}');
  });

  async function linesRefused(text: string): Promise<(string | undefined)[]> {
    const { stdout } = await terraform.run('validate', '-json');
    const lines = text.split('\n');
    return (JSON.parse(stdout) as Validation).diagnostics.map(
      ({ range }) => lines[(range?.start.line ?? 0) - 1],
    );
  }

  it.each([
    ['HCL', 'main.tf', misspeltHcl()],
    ['JSON', 'more.tf.json', JSON.stringify(misspeltConfiguration(), null, 1)],
  ])(`refuse each of ${COUNT} misspelt members in %s at its own line`, async (_, name, text) => {
    expect(COUNT).toBeGreaterThanOrEqual(30);
    await terraform.write(name, text);
    const refused = await linesRefused(text);
    const misspelt = text.split('\n').filter((line) => line.includes('"misspelt"'));
    expect(misspelt).toHaveLength(COUNT);
    expect(refused.sort()).toEqual(misspelt.sort());
  });

  const WRONG_KEY = {
    bucket_name: 'uploads',
    secret: { file: { path: ' ', format: 'wrong' } },
    rotation: { after_days: 0, on_still_used: 'wrong' },
    hooks: {
      after_create: { command: [], on_failure: 'wrong' },
      before_delete: { ...HOOK, timeout_seconds: 0 },
    },
  };
  const WRONG_PROVIDER = {
    assume_role: { ...ROLE, duration: 'wrong', policy: 'wrong' },
    endpoints: { s3: 'wrong' },
  };

  it.each<[what: string, form: string, text: string, members: string[]]>([
    [
      'key',
      'HCL',
      `resource "${KEY}" "key" {\n${toHcl(WRONG_KEY)}}`,
      ['path', 'format', 'after_days', 'on_still_used', 'command', 'on_failure', 'timeout_seconds'],
    ],
    [
      'key',
      'JSON',
      JSON.stringify({ resource: { [KEY]: { key: WRONG_KEY } } }, null, 1),
      ['path', 'format', 'after_days', 'on_still_used', 'command', 'on_failure', 'timeout_seconds'],
    ],
    [
      'provider',
      'HCL',
      `provider "lightsail" {\n${toHcl(WRONG_PROVIDER)}}\nresource "${KEY}" "key" {\n${toHcl(KEY_BODY)}}`,
      ['duration', 'policy', 's3'],
    ],
    [
      'provider',
      'JSON',
      JSON.stringify(
        { provider: { lightsail: WRONG_PROVIDER }, resource: { [KEY]: { key: KEY_BODY } } },
        null,
        1,
      ),
      ['duration', 'policy', 's3'],
    ],
  ])('of a %s have what is wrong in them shown at its own line in %s', async (_, form, text, members) => {
    await terraform.write(form === 'HCL' ? 'main.tf' : 'more.tf.json', text);
    const shown = (await linesRefused(text)).map((line) => /\w+/.exec(line ?? '')?.[0]);
    expect(shown.sort()).toEqual(members.sort());
  });

  it('may stand in JSON as an object, as a list of one, or as null where they are optional', async () => {
    const key = {
      bucket_name: 'uploads',
      secret: [{ terraform_output: {}, file: null }],
      rotation: null,
      hooks: [{ after_create: null }],
    };
    await terraform.write('more.tf.json', JSON.stringify({ resource: { [KEY]: { key } } }));
    await terraform.succeeds('apply', '-auto-approve');
    const { values } = (await terraform.resource(`${KEY}.key`)) ?? {};
    expect(values).toMatchObject({ rotation: null, hooks: { after_create: null, before_delete: null } });
    expect(values?.secret_access_key).toBe(emulator.keys('uploads')[0]?.secretAccessKey);
    expect((await terraform.run('plan', '-detailed-exitcode')).code).toBe(0);
    await terraform.succeeds('destroy', '-auto-approve');
  });

  it.each([
    ['null', null],
    ['an empty list', []],
    ['two', [{ terraform_output: {} }, { terraform_output: {} }]],
  ])('refuse, where one is required, %s', async (_, secret) => {
    const key = { bucket_name: 'uploads', secret };
    await terraform.write('more.tf.json', JSON.stringify({ resource: { [KEY]: { key } } }));
    const { code, stderr } = await terraform.plan();
    expect(code).toBe(1);
    expect(unwrap(stderr)).toMatch(/(Missing|Duplicate) secret block/);
    expect(emulator.keys('uploads')).toEqual([]);
  });

  it('leave a state in which they look as nested attributes did', async () => {
    await terraform.write(
      'main.tf',
      `resource "${KEY}" "key" {
  bucket_name = "uploads"
  secret {
    file { path = "key.json" }
  }
  rotation { after_days = 90 }
}`,
    );
    await terraform.succeeds('apply', '-auto-approve');
    const { values } = (await terraform.resource(`${KEY}.key`)) ?? {};
    expect(values?.secret).toEqual({
      command: null,
      file: { age_recipients: null, format: null, path: 'key.json' },
      secrets_manager: null,
      ssm_parameter: null,
      terraform_output: null,
      vault_kv: null,
    });
    expect(values?.rotation).toEqual({
      after_days: 90,
      keepers: null,
      on_still_used: null,
      overlap_hours: null,
    });
    expect(values?.hooks).toBeNull();
    await terraform.succeeds('destroy', '-auto-approve');
  });

  describe('that are made by a dynamic block', () => {
    const dynamic = (members: string, more: string) => `
resource "terraform_data" "members" { input = ${members} }
resource "${KEY}" "key" {
  bucket_name = "uploads"
  ${more}
}`;
    const SECRET_FROM_DATA = `dynamic "secret" {
    for_each = terraform_data.members.output
    content {
      file { path = secret.value }
    }
  }`;

    const ROTATION_FROM_DATA = `secret {
    file { path = "key.json" }
  }
  dynamic "rotation" {
    for_each = terraform_data.members.output
    content { after_days = rotation.value }
  }`;

    it('are open while for_each is unknown: so the plan leaves them, and apply delivers there', async () => {
      await terraform.write('main.tf', dynamic('["made.json"]', SECRET_FROM_DATA));
      const plan = await terraform.succeeds('plan', '-no-color');
      expect(plan.stdout).toContain('2 to add');
      await terraform.succeeds('apply', '-auto-approve');
      expect((await terraform.resource(`${KEY}.key`))?.values.secret_reference).toBe('made.json');
      expect((await terraform.run('plan', '-detailed-exitcode')).code).toBe(0);
      await terraform.succeeds('destroy', '-auto-approve');
    });

    it('may turn out as they were, and then the key stays', async () => {
      const secret = SECRET_FROM_DATA.replace('members.output', 'members.output.paths');
      await terraform.write('main.tf', dynamic('{ paths = ["made.json"], run = 1 }', secret));
      await terraform.succeeds('apply', '-auto-approve');
      const made = await terraform.resource(`${KEY}.key`);
      await terraform.write('main.tf', dynamic('{ paths = ["made.json"], run = 2 }', secret));
      await terraform.succeeds('apply', '-auto-approve');
      expect((await terraform.resource(`${KEY}.key`))?.values).toEqual(made?.values);
      await terraform.write('main.tf', dynamic('{ paths = ["other.json"], run = 3 }', secret));
      await terraform.succeeds('apply', '-auto-approve');
      expect((await terraform.resource(`${KEY}.key`))?.values).toMatchObject({
        previous_access_key_id: made?.values.access_key_id,
        secret_reference: 'other.json',
      });
      await terraform.succeeds('destroy', '-auto-approve');
    });

    it('make no key where none comes out of it', async () => {
      await terraform.write('main.tf', dynamic('tolist([])', SECRET_FROM_DATA));
      const { code, stderr } = await terraform.apply();
      expect(code).toBe(1);
      expect(unwrap(stderr)).toMatch(/secret/);
      expect(emulator.keys('uploads')).toEqual([]);
      await terraform.write('main.tf', '');
      await terraform.succeeds('apply', '-auto-approve');
    });

    it('make no key where an optional one was planned and none comes out of it', async () => {
      await terraform.write('main.tf', dynamic('tolist([])', ROTATION_FROM_DATA));
      const { code, stderr } = await terraform.apply();
      expect(code).toBe(1);
      expect(unwrap(stderr)).toContain('inconsistent final plan');
      expect(emulator.keys('uploads')).toEqual([]);
      await terraform.write('main.tf', '');
      await terraform.succeeds('apply', '-auto-approve');
    });

    it('may be optional: a rotation that is known only at apply is planned as it is', async () => {
      await terraform.write('main.tf', dynamic('[90]', ROTATION_FROM_DATA));
      await terraform.succeeds('apply', '-auto-approve');
      const made = await terraform.resource(`${KEY}.key`);
      expect(made?.values.rotation).toMatchObject({ after_days: 90 });
      // The living key, too, has a rotation that is unknown for the time of a plan.
      await terraform.write('main.tf', dynamic('[30]', ROTATION_FROM_DATA));
      await terraform.succeeds('apply', '-auto-approve');
      const changed = await terraform.resource(`${KEY}.key`);
      expect(changed?.values).toMatchObject({
        access_key_id: made?.values.access_key_id,
        rotation: { after_days: 30 },
      });
      await terraform.succeeds('destroy', '-auto-approve');
    });
  });

  it('cannot be given as a whole object from a variable', async () => {
    await terraform.write(
      'main.tf',
      stack({ key: 'bucket_name = "uploads"\n  secret = { terraform_output = {} }' }).replace(
        providerHead(readManifest().version),
        '',
      ),
    );
    const { code, stderr } = await terraform.run('validate', '-no-color');
    expect(code).toBe(1);
    expect(unwrap(stderr)).toContain('Did you mean to define a block of type "secret"?');
  });
});
