import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { succeeds } from '../../support/command.js';
import { repository } from '../../support/provider-build.js';
import { outputFolder } from '../../support/synthesis.js';

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
interface Stack {
  readonly resource: Blocks;
  readonly output: Readonly<Record<string, unknown>>;
  readonly provider: Readonly<Record<string, unknown>>;
}

let outdir: string;
beforeEach(async () => {
  outdir = await outputFolder();
});
afterEach(() => {
  rmSync(outdir, { recursive: true });
});

/** Runs an example as its cdktf.json does, with nothing but what it says itself. */
async function synthesized(example: string, env: NodeJS.ProcessEnv = {}): Promise<Stack> {
  await succeeds(process.execPath, [join(repository, 'scripts/run-example.mjs'), example], {
    cwd: outdir,
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir, ...env },
  });
  return JSON.parse(readFileSync(join(outdir, 'stacks', example, 'cdk.tf.json'), 'utf8')) as Stack;
}

function secrets({ resource }: Stack): unknown[] {
  return Object.values(resource.lightsail_bucket_access_key ?? {}).map(({ secret }) => secret);
}

const recipients = [expect.stringMatching(/^age1/) as string];

test.each<[string, unknown[]]>([
  ['ssm-parameter', [{ ssm_parameter: { name: '/uploads/key', tier: 'Standard', format: 'env' } }]],
  ['vault-kv', [{ vault_kv: { mount: 'secret', path: 'ci/uploads' } }]],
  [
    'age-file',
    [
      { file: { path: 'my-uploads-key.json.age', age_recipients: recipients } },
      { terraform_output: { age_recipients: recipients } },
    ],
  ],
])('%s sends the secret to its destination', async (example, expected) => {
  expect(secrets(await synthesized(example))).toEqual(expected);
});

test('command runs one program for writing and deleting', async () => {
  const [secret] = secrets(await synthesized('command', { PROGRAMS: '/opt/programs' }));
  const program = ['/opt/programs/github.mjs', 'my-organization/my-repository', 'UPLOADS_KEY'];
  expect(secret).toEqual({ command: { write: program, delete: program } });
});

test('secrets-manager makes the bucket, the KMS key and the container beside the key', async () => {
  const stack = await synthesized('secrets-manager');
  expect(Object.keys(stack.resource).sort()).toEqual([
    'aws_kms_key',
    'aws_lightsail_bucket',
    'aws_secretsmanager_secret',
    'lightsail_bucket_access_key',
  ]);
  expect(secrets(stack)).toEqual([
    {
      secrets_manager: {
        secret_id: expect.stringMatching(/^\$\{aws_secretsmanager_secret\..*\.id\}$/) as string,
      },
    },
  ]);
});

test('secrets-manager can be tried against a stand-in, with the endpoints for both providers', async () => {
  const endpoints = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_LIGHTSAIL: 'http://127.0.0.1:2',
  };
  const { provider } = await synthesized('secrets-manager', endpoints);
  expect(provider.lightsail).toMatchObject([
    { endpoints: { secretsmanager: 'http://127.0.0.1:1', lightsail: 'http://127.0.0.1:2' } },
  ]);
});
