import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readStates } from '../../../../src/command/audit/state/read-states.js';
import type { ManagedState } from '../../../../src/command/audit/state/managed-keys.js';

const SECRET = 'canary/secret+of+a+key+that+nobody+may+see';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-state-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function read(content: unknown): Promise<ManagedState> {
  const [state] = await readStates([file('state.json', content)], Readable.from([]));
  if (!state) throw new Error('There is no state.');
  return state;
}

const NOWHERE = { secret_reference: null, secret_access_key: null, sealed_secret_access_key: null };

function ours(bucket: string, values: object = {}): object {
  return {
    address: `lightsail_bucket_access_key.${bucket}`,
    mode: 'managed',
    type: 'lightsail_bucket_access_key',
    values: {
      bucket_name: bucket,
      access_key_id: `AKIA${bucket.toUpperCase()}`,
      secret: { file: { path: '/etc/x' } },
      secret_access_key: SECRET,
      ...values,
    },
  };
}

function shown(resources: readonly object[], childModules: readonly object[] = []): object {
  return {
    format_version: '1.0',
    values: { outputs: { key: { value: SECRET } }, root_module: { resources, child_modules: childModules } },
  };
}

describe('terraform show -json', () => {
  it('tells current and previous keys of our resource with their dates', async () => {
    const { keys } = await read(
      shown([
        ours('uploads', {
          previous_access_key_id: 'AKIAOLD',
          retire_previous_after: '2026-01-02T03:04:05Z',
          created_at: '2026-01-01T03:04:05Z',
          rotation_due_at: '2026-03-04T05:06:07Z',
        }),
      ]),
    );
    expect(keys).toMatchObject([
      {
        role: 'current',
        accessKeyId: 'AKIAUPLOADS',
        createdAt: new Date('2026-01-01T03:04:05Z'),
        rotationDueAt: new Date('2026-03-04T05:06:07Z'),
        retireAfter: null,
        isUndelivered: false,
      },
      {
        role: 'previous',
        accessKeyId: 'AKIAOLD',
        rotationDueAt: null,
        retireAfter: new Date('2026-01-02T03:04:05Z'),
        address: 'lightsail_bucket_access_key.uploads',
      },
    ]);
  });

  it('tells keys of nested modules, of hashicorp/aws, and of deposed objects', async () => {
    const aws = {
      address: 'module.a.module.b["eu"].aws_lightsail_bucket_access_key.old',
      mode: 'managed',
      type: 'aws_lightsail_bucket_access_key',
      values: { bucket_name: 'backups', access_key_id: 'AKIAAWS', secret_access_key: SECRET },
    };
    const nested = [
      { address: 'module.a', child_modules: [{ address: 'module.a.module.b["eu"]', resources: [aws] }] },
    ];
    const { keys } = await read(shown([{ ...ours('uploads'), deposed_key: '0badcafe' }], nested));
    expect(keys.map(({ address, accessKeyId }) => [address, accessKeyId])).toEqual([
      ['lightsail_bucket_access_key.uploads (deposed 0badcafe)', 'AKIAUPLOADS'],
      ['module.a.module.b["eu"].aws_lightsail_bucket_access_key.old', 'AKIAAWS'],
    ]);
  });

  it('keeps nothing of a secret', async () => {
    expect(JSON.stringify(await read(shown([ours('uploads')])))).not.toContain(SECRET);
  });

  it('has no keys when nothing was applied yet, and in data sources', async () => {
    expect((await read({ format_version: '1.0' })).keys).toEqual([]);
    expect((await read(shown([{ ...ours('uploads'), mode: 'data' }]))).keys).toEqual([]);
  });

  it('tells that a resource of ours has no current key, with and without a previous one', async () => {
    const lost = { role: 'current', accessKeyId: null, address: 'lightsail_bucket_access_key.uploads' };
    const previous = { role: 'previous', accessKeyId: 'AKIAOLD' };
    const values = { access_key_id: null, ...NOWHERE };
    expect((await read(shown([ours('uploads', values)]))).keys).toMatchObject([lost]);
    const overlapping = ours('uploads', { ...values, previous_access_key_id: 'AKIAOLD' });
    expect((await read(shown([overlapping]))).keys).toMatchObject([lost, previous]);
  });

  it('of a saved plan tells what was before it, not what it plans', async () => {
    const { keys } = await read({
      format_version: '1.2',
      planned_values: (shown([ours('planned')]) as { values: object }).values,
      prior_state: shown([ours('prior')]),
    });
    expect(keys.map(({ bucket }) => bucket)).toEqual(['prior']);
    expect((await read({ format_version: '1.2', planned_values: {} })).keys).toEqual([]);
  });

  it('tells an imported key, whose secret was never delivered', async () => {
    for (const secret of [null, { file: { path: 'key.json' }, command: null }]) {
      const { keys } = await read(shown([ours('uploads', { secret, ...NOWHERE })]));
      expect(keys).toMatchObject([{ isUndelivered: true }]);
    }
  });

  it.each<[string, object, object]>([
    ['nothing', {}, { region: null, accountId: null }],
    [
      'the region that hashicorp/aws 6 keeps',
      { region: 'eu-west-1' },
      { region: 'eu-west-1', accountId: null },
    ],
    [
      'the region of its secret, whose account may be another',
      { secret_reference: 'arn:aws:secretsmanager:eu-west-2:999999999999:secret:uploads-AbCdEf:::v1' },
      { region: 'eu-west-2', accountId: null },
    ],
  ])('tells where a bucket is: %s', async (_name, values, place) => {
    expect((await read(shown([ours('uploads', values)]))).keys).toMatchObject([{ place }]);
  });

  it('tells region and account of a bucket by its own ARN, where the state has it', async () => {
    const bucket = {
      address: 'aws_lightsail_bucket.uploads',
      mode: 'managed',
      type: 'aws_lightsail_bucket',
      values: {
        name: 'uploads',
        region: 'eu-west-1',
        arn: 'arn:aws:lightsail:eu-west-1:123456789012:Bucket/1234',
      },
    };
    const { keys } = await read(shown([bucket, ours('uploads', { region: 'xx-wrong-1' })]));
    expect(keys).toMatchObject([{ place: { region: 'eu-west-1', accountId: '123456789012' } }]);
  });
});

describe('A state file of version 4', () => {
  it('tells the same, with addresses as Terraform writes them', async () => {
    const attributes = { bucket_name: 'uploads', access_key_id: 'AKIA1', secret_access_key: SECRET };
    const of = (more: object, instances: object[]) => ({
      mode: 'managed',
      type: 'aws_lightsail_bucket_access_key',
      name: 'key',
      instances,
      ...more,
    });
    const { keys } = await read({
      version: 4,
      lineage: 'x',
      resources: [
        of({}, [{ attributes }]),
        of({ module: 'module.a["x"]' }, [
          { index_key: 0, attributes: { ...attributes, access_key_id: 'AKIA2' } },
          { index_key: 'eu', attributes_flat: { ...attributes, access_key_id: 'AKIA3' } },
          { deposed: '0badcafe', attributes: { ...attributes, access_key_id: 'AKIA4' } },
        ]),
        of({ mode: 'data' }, [{ attributes }]),
      ],
    });
    expect(keys.map(({ address, accessKeyId }) => [accessKeyId, address])).toEqual([
      ['AKIA1', 'aws_lightsail_bucket_access_key.key'],
      ['AKIA2', 'module.a["x"].aws_lightsail_bucket_access_key.key[0]'],
      ['AKIA3', 'module.a["x"].aws_lightsail_bucket_access_key.key["eu"]'],
      ['AKIA4', 'module.a["x"].aws_lightsail_bucket_access_key.key (deposed 0badcafe)'],
    ]);
  });
});

describe('What is no state', () => {
  it.each<[string, unknown, RegExp]>([
    ['broken JSON', `{"secret_access_key": "${SECRET}", oops`, /it is not JSON/],
    ['text', SECRET, /it is not JSON/],
    ['nothing', '\n', /it is empty/],
    ['a list', [SECRET], /not a JSON object/],
    [
      'other JSON',
      { secret_access_key: SECRET },
      /neither what terraform show -json prints nor a state file/,
    ],
    ['an old state', { version: 3, lineage: SECRET }, /of another version than 4/],
    ['an encrypted state', { version: 4, lineage: 'x', encrypted_data: SECRET }, /it is encrypted/],
  ])('(%s) is refused in words that quote nothing of it', async (_name, content, words) => {
    const refusal = await read(content).then(
      () => null,
      (error: unknown) => error as Error,
    );
    expect(refusal).toBeInstanceOf(Error);
    expect(refusal?.message).toMatch(words);
    expect(refusal?.message).toContain('state.json');
    expect(refusal?.message).not.toMatch(/canary|oops/);
    expect(refusal?.cause).toBeUndefined();
  });

  it('is named when it is not there', async () => {
    await expect(readStates([join(folder, 'nothing.json')], Readable.from([]))).rejects.toThrow(
      /Cannot read state .*nothing\.json: it cannot be read \(ENOENT\)/,
    );
  });
});

describe('Standard input', () => {
  it('is read for -, with a byte-order mark as some shells write it', async () => {
    const input = Readable.from([Buffer.from(`\uFEFF${JSON.stringify(shown([ours('uploads')]))}`)]);
    expect(await readStates(['-', '-'], input)).toMatchObject([
      { state: 'standard input', keys: [{ bucket: 'uploads' }] },
    ]);
  });
});

describe('A CDKTF output folder', () => {
  function synthesize(stacks: Readonly<Record<string, object>>): string {
    const out = join(folder, 'cdktf.out');
    for (const [name, terraform] of Object.entries(stacks)) {
      mkdirSync(join(out, 'stacks', name), { recursive: true });
      writeFileSync(join(out, 'stacks', name, 'cdk.tf.json'), JSON.stringify({ terraform }));
    }
    const manifest = Object.keys(stacks).map((name) => [
      name,
      { name, workingDirectory: `stacks/${name}`, synthesizedStackPath: `stacks/${name}/cdk.tf.json` },
    ]);
    writeFileSync(
      join(out, 'manifest.json'),
      JSON.stringify({ stacks: Object.fromEntries(manifest) as object }),
    );
    return out;
  }

  const local = (path: string) => ({ backend: { local: { path } } });
  const stored = (bucket: string) => ({
    version: 4,
    lineage: 'x',
    resources: [
      {
        mode: 'managed',
        type: 'lightsail_bucket_access_key',
        name: 'key',
        instances: [{ attributes: { bucket_name: bucket, access_key_id: 'AKIA', secret: {} } }],
      },
    ],
  });
  const readFolder = (out: string) => readStates([out], Readable.from([]));

  it('tells what the state beside it has, also where the stack was synthesized on another machine', async () => {
    file('terraform.prod.tfstate', stored('uploads'));
    file('terraform.test.tfstate', stored('tests'));
    const out = synthesize({
      prod: local(join(folder, 'terraform.prod.tfstate')),
      test: local('/another/machine/terraform.test.tfstate'),
    });
    const states = await readFolder(out);
    expect(states.map(({ state, keys }) => [state, keys.map(({ bucket }) => bucket)])).toEqual([
      [join(folder, 'terraform.prod.tfstate'), ['uploads']],
      [join(folder, 'terraform.test.tfstate'), ['tests']],
    ]);
  });

  it('takes the state in the working folder where no backend is declared', async () => {
    const out = synthesize({ prod: {} });
    writeFileSync(join(out, 'stacks/prod/terraform.tfstate'), JSON.stringify(stored('uploads')));
    expect(await readFolder(out)).toMatchObject([{ keys: [{ bucket: 'uploads' }] }]);
  });

  it('notes a stack without a state beside one that has a state, and refuses when none has', async () => {
    const out = synthesize({ prod: local('x/prod.tfstate'), test: local('x/test.tfstate') });
    await expect(readFolder(out)).rejects.toThrow('none of its stacks has a state file here');
    file('prod.tfstate', stored('uploads'));
    const [, test] = await readFolder(out);
    expect(test?.note).toMatch(/^Stack test has no state at .+taken for one that was never deployed\.$/);
  });

  it.each([
    ['s3', { backend: { s3: { bucket: 'states' } } }],
    ['cloud', { cloud: { organization: 'us' } }],
  ])(
    'refuses a stack whose state is elsewhere (%s), and says what to give instead',
    async (name, terraform) => {
      file('prod.tfstate', stored('uploads'));
      const out = synthesize({ prod: local('x/prod.tfstate'), away: terraform });
      await expect(readFolder(out)).rejects.toThrow(
        new RegExp(`backend "${name}", not here.+terraform -chdir=.+away show -json`),
      );
    },
  );

  it('is not just any folder', async () => {
    await expect(readFolder(folder)).rejects.toThrow('a folder without manifest.json');
  });
});
