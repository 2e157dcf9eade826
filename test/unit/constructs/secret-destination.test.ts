import { TerraformVariable, Testing } from 'cdktf';
import { BucketAccessKey, SecretDestination, type SecretFormat } from '../../../src/constructs/index.js';
import { only, stackWith, synthesize } from './stacks.js';

const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';

function secretBlock(secret: SecretDestination): unknown {
  const { resource } = synthesize((stack) => {
    new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
  });
  return only(resource.lightsail_bucket_access_key).secret;
}

function synthesis(secret: SecretDestination): () => void {
  return () =>
    Testing.fullSynth(
      stackWith((scope) => {
        new BucketAccessKey(scope, 'uploads', { bucketName: 'uploads', secret });
      }),
    );
}

describe('each destination reaches Terraform as the one member of secret', () => {
  test.each<[string, SecretDestination, object]>([
    ['terraform_output', SecretDestination.terraformOutput(), { terraform_output: {} }],
    [
      'terraform_output with recipients',
      SecretDestination.terraformOutput({ ageRecipients: [RECIPIENT] }),
      { terraform_output: { age_recipients: [RECIPIENT] } },
    ],
    [
      'file',
      SecretDestination.file({ path: 'key', format: 'ini', ageRecipients: [RECIPIENT] }),
      { file: { path: 'key', format: 'ini', age_recipients: [RECIPIENT] } },
    ],
    [
      'secrets_manager',
      SecretDestination.secretsManager({ secretId: 'ci/uploads', format: 'env' }),
      { secrets_manager: { secret_id: 'ci/uploads', format: 'env' } },
    ],
    [
      'ssm_parameter',
      SecretDestination.ssmParameter({
        name: '/ci/uploads',
        kmsKeyId: 'alias/ci',
        tier: 'Advanced',
        format: 'env',
      }),
      { ssm_parameter: { name: '/ci/uploads', kms_key_id: 'alias/ci', tier: 'Advanced', format: 'env' } },
    ],
    [
      'vault_kv',
      SecretDestination.vaultKv({ mount: 'secret', path: 'ci/uploads', namespace: 'ops', format: 'env' }),
      { vault_kv: { mount: 'secret', path: 'ci/uploads', namespace: 'ops', format: 'env' } },
    ],
    [
      'command',
      SecretDestination.command({ write: ['store', '-x'], delete: ['forget'], format: 'env' }),
      { command: { write: ['store', '-x'], delete: ['forget'], format: 'env' } },
    ],
  ])('%s', (_, secret, block) => {
    expect(secretBlock(secret)).toEqual(block);
  });

  test('and what is left out is left to the provider', () => {
    expect(secretBlock(SecretDestination.ssmParameter({ name: 'uploads' }))).toEqual({
      ssm_parameter: { name: 'uploads' },
    });
    expect(secretBlock(SecretDestination.command({ write: ['store'] }))).toEqual({
      command: { write: ['store'] },
    });
  });

  test('in HCL as well', () => {
    const stack = stackWith((scope) => {
      const secret = SecretDestination.command({ write: ['store', '-x'], delete: ['forget'] });
      new BucketAccessKey(scope, 'uploads', { bucketName: 'uploads', secret });
    });
    expect(String(Testing.synthHcl(stack)).replace(/\s+/g, ' ')).toContain(
      'secret { command { write = [ "store", "-x" ] delete = [ "forget" ] } }',
    );
  });
});

describe('what cannot be right is refused with the path of the key', () => {
  test.each<[string, SecretDestination, RegExp]>([
    ['an empty secret ID', SecretDestination.secretsManager({ secretId: ' ' }), /secretId is empty/],
    ['an empty mount', SecretDestination.vaultKv({ mount: '', path: 'x' }), /mount is empty/],
    ['an empty Vault path', SecretDestination.vaultKv({ mount: 'secret', path: '' }), /path is empty/],
    [
      'an empty namespace',
      SecretDestination.vaultKv({ mount: 'a', path: 'b', namespace: '' }),
      /namespace is empty/,
    ],
    ['an empty KMS key', SecretDestination.ssmParameter({ name: 'x', kmsKeyId: '' }), /kmsKeyId is empty/],
    [
      'an unknown tier',
      SecretDestination.ssmParameter({ name: 'x', tier: 'Huge' as 'Standard' }),
      /secret\.tier is "Huge"/,
    ],
    ['no program', SecretDestination.command({ write: [] }), /secret\.write names no program/],
    [
      'a nameless program',
      SecretDestination.command({ write: ['x'], delete: [''] }),
      /secret\.delete names no program/,
    ],
    ['no recipients', SecretDestination.file({ path: 'x', ageRecipients: [] }), /ageRecipients is empty/],
    [
      'an SSH key',
      SecretDestination.terraformOutput({ ageRecipients: ['ssh-rsa A'] }),
      /secret\.ageRecipients\[0\].*"ssh-rsa A" is an SSH key/,
    ],
    [
      'a plugin',
      SecretDestination.file({ path: 'x', ageRecipients: ['age1tpm1qqq'] }),
      /"age1tpm1qqq" is a recipient of the age plugin/,
    ],
  ])('%s', (_, secret, words) => {
    expect(synthesis(secret)).toThrow(words);
    expect(synthesis(secret)).toThrow('[stack/uploads] ');
  });

  const format = 'yaml' as SecretFormat;
  test.each<[string, SecretDestination]>([
    ['file', SecretDestination.file({ path: 'x', format })],
    ['secretsManager', SecretDestination.secretsManager({ secretId: 'x', format })],
    ['newSecretsManagerSecret', SecretDestination.newSecretsManagerSecret({ format })],
    ['ssmParameter', SecretDestination.ssmParameter({ name: 'x', format })],
    ['vaultKv', SecretDestination.vaultKv({ mount: 'x', path: 'x', format })],
    ['command', SecretDestination.command({ write: ['x'], format })],
  ])('an unknown format of %s', (_, secret) => {
    expect(synthesis(secret)).toThrow(/\[stack\/uploads\] secret\.format is "yaml"/);
  });

  test('an age identity, which is not repeated', () => {
    const identity = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZ';
    const file = `# created: 2026-01-02T03:04:05Z\n# public key: age1tpm1qqq\n${identity}\n`;
    for (const recipient of [identity, file]) {
      const failing = synthesis(SecretDestination.file({ path: 'x', ageRecipients: [recipient] }));
      expect(failing).toThrow(/An age identity, the secret half/);
      expect(failing).not.toThrow(identity);
    }
  });

  test('a long text in the place of a recipient, of which only the beginning is repeated', () => {
    const failing = synthesis(SecretDestination.terraformOutput({ ageRecipients: [`${'a'.repeat(90)}end`] }));
    expect(failing).toThrow(/"a{77}…" is no age recipient/);
  });

  test.each([
    ['', /it may hold letters/],
    ['ci uploads', /it may hold letters/],
    ['arn:aws:ssm:eu-west-1:111122223333:parameter/ci', /this ARN does not contain it/],
    ['ci/uploads', /begins with a slash/],
    ['/ci//uploads', /one of its levels is empty/],
    ['/ci/', /one of its levels is empty/],
    ['/aws/uploads', /belong to AWS/],
    ['SSM-uploads', /belong to AWS/],
    ['/a'.repeat(16), /16 levels, and 15 are allowed/],
    [`/${'a'.repeat(980)}`, /981 characters, and .* 927 have room/],
  ])('the parameter name "%s"', (name, words) => {
    expect(synthesis(SecretDestination.ssmParameter({ name }))).toThrow(words);
  });

  test.each(['uploads', '/ci/uploads', 'a.b_c-d', '/a'.repeat(15)])(
    'but not the parameter name "%s"',
    (name) => {
      expect(synthesis(SecretDestination.ssmParameter({ name }))).not.toThrow();
    },
  );
});

test('what only Terraform will know passes', () => {
  const stack = stackWith((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const list = new TerraformVariable(scope, 'list', { type: 'list(string)' }).listValue;
    const destinations = [
      SecretDestination.terraformOutput({ ageRecipients: list }),
      SecretDestination.file({ path: text, ageRecipients: [text] }),
      SecretDestination.secretsManager({ secretId: text }),
      SecretDestination.ssmParameter({ name: text, kmsKeyId: text }),
      SecretDestination.vaultKv({ mount: text, path: text, namespace: text }),
      SecretDestination.command({ write: list, delete: [text] }),
    ];
    destinations.forEach((secret, index) => {
      new BucketAccessKey(scope, `key-${index}`, { bucketName: `uploads-${index}`, secret });
    });
  });
  expect(() => Testing.fullSynth(stack)).not.toThrow();
});
