import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { BucketAccessKey, LightsailProvider, SecretDestination } from '../../../src/constructs/index.js';
import { stackWith } from './stacks.js';

/** Synthesizes a stack with a key for each destination, on a bucket of its own. */
function synthesis(destinations: (stack: TerraformStack) => SecretDestination[]): () => void {
  const stack = stackWith((scope) => {
    destinations(scope).forEach((secret, index) => {
      new BucketAccessKey(scope, `key-${index + 1}`, { bucketName: `uploads-${index}`, secret });
    });
  });
  return () => Testing.fullSynth(stack);
}

const to = SecretDestination;

test.each<[string, SecretDestination, SecretDestination]>([
  ['file key.json', to.file({ path: 'key.json' }), to.file({ path: './folder/../key.json', format: 'env' })],
  [
    'secret ci/uploads',
    to.secretsManager({ secretId: 'ci/uploads' }),
    to.secretsManager({ secretId: 'ci/uploads' }),
  ],
  [
    'parameter /ci/key',
    to.ssmParameter({ name: '/ci/key' }),
    to.ssmParameter({ name: '/ci/key', tier: 'Advanced' }),
  ],
  [
    'Vault path secret/ci/uploads',
    to.vaultKv({ mount: 'secret', path: 'ci/uploads' }),
    to.vaultKv({ mount: 'secret/', path: '/ci/uploads' }),
  ],
])('two keys with the %s fail the synthesis, the second naming the first', (name, one, other) => {
  const failing = synthesis(() => [one, other]);
  expect(failing).toThrow(
    `[stack/key-2] The access key stack/key-1 has the same destination, the ${name}, which`,
  );
  expect(failing).not.toThrow('[stack/key-1]');
});

test('a third key names the first as well', () => {
  const secret = to.file({ path: 'key.json' });
  expect(synthesis(() => [secret, secret, secret])).toThrow('[stack/key-3] The access key stack/key-1');
});

test.each<[string, SecretDestination[]]>([
  ['other files', [to.file({ path: 'key.json' }), to.file({ path: '/key.json' })]],
  [
    'other Vault paths',
    [
      to.vaultKv({ mount: 'a', path: 'b/c' }),
      to.vaultKv({ mount: 'a/b', path: 'c' }),
      to.vaultKv({ mount: 'a', path: 'b/c', namespace: 'n' }),
    ],
  ],
  [
    'one name in two stores',
    [to.secretsManager({ secretId: '/uploads' }), to.ssmParameter({ name: '/uploads' })],
  ],
  ['outputs, each its own', [to.terraformOutput(), to.terraformOutput()]],
  [
    'one program, which tells them apart',
    [to.command({ write: ['./store'] }), to.command({ write: ['./store'] })],
  ],
])('keys with %s pass', (_, destinations) => {
  expect(synthesis(() => destinations)).not.toThrow();
});

test('destinations that only Terraform will know pass', () => {
  const passing = synthesis((stack) => {
    const { stringValue } = new TerraformVariable(stack, 'path', { type: 'string' });
    const secret = to.file({ path: stringValue });
    const inVault = to.vaultKv({ mount: 'secret', path: stringValue });
    return [secret, secret, inVault, inVault];
  });
  expect(passing).not.toThrow();
});

test('an override counts, not what it replaces', () => {
  const secret = to.file({ path: 'key.json' });
  const stack = stackWith((scope) => {
    new BucketAccessKey(scope, 'one', { bucketName: 'one', secret });
    const two = new BucketAccessKey(scope, 'two', { bucketName: 'two', secret });
    two.resource.addOverride('secret.file.path', 'other.json');
  });
  expect(() => Testing.fullSynth(stack)).not.toThrow();
});

test('keys of which only one may exist, as Terraform will decide, pass', () => {
  const secret = to.file({ path: 'key.json' });
  const stack = stackWith((scope) => {
    const { numberValue } = new TerraformVariable(scope, 'count', { type: 'number' });
    new BucketAccessKey(scope, 'one', { bucketName: 'one', secret, count: numberValue });
    new BucketAccessKey(scope, 'two', { bucketName: 'two', secret, count: 0 });
    new BucketAccessKey(scope, 'three', { bucketName: 'three', secret });
  });
  expect(() => Testing.fullSynth(stack)).not.toThrow();
});

test('two providers may have a secret of the same name each, but share the files', () => {
  const keys = (secret: SecretDestination) => {
    const stack = stackWith((scope) => {
      const provider = new LightsailProvider(scope, 'west', { alias: 'west' });
      new BucketAccessKey(scope, 'one', { bucketName: 'one', secret });
      new BucketAccessKey(scope, 'two', { bucketName: 'two', secret, provider });
    });
    return () => Testing.fullSynth(stack);
  };
  expect(keys(to.secretsManager({ secretId: 'ci/uploads' }))).not.toThrow();
  expect(keys(to.file({ path: 'key.json' }))).toThrow('[stack/two] The access key stack/one');
});

test('keys of two stacks pass: each stack has a folder of its own', () => {
  const app = Testing.app();
  const secret = to.file({ path: 'key.json' });
  const outer = new TerraformStack(app, 'outer');
  for (const stack of [outer, new TerraformStack(outer, 'inner')]) {
    new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
  }
  expect(() => {
    app.synth();
  }).not.toThrow();
});
