import { Fn, TerraformOutput, type TerraformResource, TerraformStack, Testing } from 'cdktf';
import { BucketAccessKey, SecretDestination } from '../../../src/constructs/index.js';
import { stackWith, synthesize } from './stacks.js';

const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
const inClear = SecretDestination.terraformOutput();
const sealed = SecretDestination.terraformOutput({ ageRecipients: [RECIPIENT] });

function keyIn(stack: TerraformStack, secret = inClear): BucketAccessKey {
  return new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
}

const address = (resource: TerraformResource) =>
  `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;

const reference = (attribute: string) =>
  expect.stringMatching(
    new RegExp(
      `^\\$\\{\\(lightsail_bucket_access_key\\.[^.]+\\.${attribute} == null \\? "" : [^ ]+\\.${attribute}\\)\\}$`,
    ),
  ) as string;

test('secretOutput makes a sensitive output of that name', () => {
  const { output } = synthesize((stack) => keyIn(stack).secretOutput('uploads-secret'));
  expect(output).toEqual({ 'uploads-secret': { value: reference('secret_access_key'), sensitive: true } });
});

test('with recipients secretOutput shows the ciphertext', () => {
  const { output } = synthesize((stack) => keyIn(stack, sealed).secretOutput('uploads-secret'));
  expect(output).toMatchObject({ 'uploads-secret': { value: reference('sealed_secret_access_key') } });
  expect(output['uploads-secret']).not.toMatchObject({ sensitive: true });
});

test('the ciphertext may be shown by any output', () => {
  const { output } = synthesize((stack) => {
    new TerraformOutput(stack, 'sealed', { value: keyIn(stack, sealed).sealedSecretAccessKey });
  });
  expect(output).toEqual({ sealed: { value: reference('sealed_secret_access_key') } });
});

test('a secret that is sealed, or is not, cannot be asked for as the other', () => {
  stackWith((stack) => {
    const key = keyIn(stack, sealed);
    expect(() => key.secretAccessKey).toThrow(
      /\[stack\/uploads\].*sealed for age recipients.*sealedSecretAccessKey/,
    );
  });
  stackWith((stack) => {
    const key = keyIn(stack);
    expect(() => key.sealedSecretAccessKey).toThrow(/\[stack\/uploads\].*not sealed.*ageRecipients/);
  });
});

test('a secret that goes elsewhere cannot be asked for in any way', () => {
  stackWith((stack) => {
    const key = keyIn(stack, SecretDestination.file({ path: 'key', ageRecipients: [RECIPIENT] }));
    expect(() => key.secretAccessKey).toThrow(/secretAccessKey was asked for.*\(file\)/);
    expect(() => key.sealedSecretAccessKey).toThrow(/sealedSecretAccessKey was asked for.*\(file\)/);
    expect(() => key.secretOutput('x')).toThrow(/\(file\)/);
  });
});

describe('an output that makes the secret plain fails the synthesis', () => {
  const failing = (make: (stack: TerraformStack, key: BucketAccessKey) => void) => {
    const stack = stackWith((scope) => {
      make(scope, keyIn(scope));
    });
    return () => Testing.fullSynth(stack);
  };

  test('naming the key and the output', () => {
    expect(
      failing((stack, key) => new TerraformOutput(stack, 'plain', { value: key.secretAccessKey })),
    ).toThrow(
      /\[stack\/uploads\] The output stack\/plain shows the secret .*secretOutput\(\).*sensitive: true/,
    );
  });

  test.each<[string, (key: BucketAccessKey) => unknown]>([
    ['inside of a text', (key) => `secret: ${key.secretAccessKey}`],
    ['inside of a function', (key) => Fn.nonsensitive(key.secretAccessKey) as unknown],
    ['inside of an object', (key) => ({ keys: [{ secret: key.secretAccessKey }] })],
    [
      'of all instances of a key with count',
      ({ resource }) => `\${${address(resource)}[*].secret_access_key}`,
    ],
    ['of one instance', ({ resource }) => `\${${address(resource)}["a"].secret_access_key}`],
  ])('%s', (_, value) => {
    expect(failing((stack, key) => new TerraformOutput(stack, 'plain', { value: value(key) }))).toThrow(
      /The output stack\/plain shows/,
    );
  });

  test.each<[string, (output: TerraformOutput) => void]>([
    [
      'by its property',
      (output) => {
        output.sensitive = false;
      },
    ],
    [
      'by an override',
      (output) => {
        output.addOverride('sensitive', false);
      },
    ],
  ])('when it is that of secretOutput, made plain %s', (_, makePlain) => {
    expect(
      failing((_stack, key) => {
        makePlain(key.secretOutput('uploads-secret'));
      }),
    ).toThrow(/\[stack\/uploads\] The output stack\/uploads\/uploads-secret shows the secret /);
  });

  test('unless it is sensitive, by argument or by override', () => {
    expect(
      failing((stack, key) => {
        new TerraformOutput(stack, 'by-argument', { value: key.secretAccessKey, sensitive: true });
        new TerraformOutput(stack, 'by-override', { value: key.secretAccessKey }).addOverride(
          'sensitive',
          true,
        );
      }),
    ).not.toThrow();
  });

  test('but not for what else Terraform knows of the key', () => {
    expect(
      failing((stack, key) => {
        new TerraformOutput(stack, 'id', { value: key.accessKeyId });
        new TerraformOutput(stack, 'nothing', { value: undefined });
      }),
    ).not.toThrow();
  });

  test("and not for another key's neighbour of a similar name", () => {
    const stack = stackWith((scope) => {
      keyIn(scope).resource.overrideLogicalId('key');
      const other = new BucketAccessKey(scope, 'other', { bucketName: 'other', secret: inClear });
      other.resource.overrideLogicalId('key-other');
      new TerraformOutput(scope, 'plain', { value: other.secretAccessKey });
    });
    expect(() => Testing.fullSynth(stack)).toThrow(/\[stack\/other\] The output/);
    expect(() => Testing.fullSynth(stack)).not.toThrow(/\[stack\/uploads\]/);
  });
});

test('another stack may take the secret: CDKTF passes it on in a sensitive output', () => {
  const app = Testing.app();
  const from = new TerraformStack(app, 'from');
  const to = new TerraformStack(app, 'to');
  new TerraformOutput(to, 'secret', { value: keyIn(from).secretAccessKey, sensitive: true });
  expect(() => {
    app.synth();
  }).not.toThrow();
});

test.each([
  ['of the stack', (stack: TerraformStack) => new TerraformOutput(stack, 'id', { value: 'mine' })],
  [
    'of another key',
    (stack: TerraformStack) =>
      new BucketAccessKey(stack, 'other', { bucketName: 'other', secret: inClear }).secretOutput('id'),
  ],
])('an output %s with the same name fails the synthesis, since one of the two would be lost', (_, other) => {
  const stack = stackWith((scope) => {
    keyIn(scope).secretOutput('id');
    other(scope);
  });
  expect(() => Testing.fullSynth(stack)).toThrow(
    /\[stack\/uploads\] secretOutput\("id"\) and the output stack\/(id|other\/id) have one name/,
  );
});
