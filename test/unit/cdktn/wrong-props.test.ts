import { TerraformStack, Testing } from 'cdktn';

type Construct = new (scope: unknown, id: unknown, props: unknown) => object;

interface Library {
  readonly BucketAccessKey: Construct;
  readonly EphemeralLightsailBucketAccessKeySecret: Construct;
  readonly SecretDestination: { readonly file: (props: object) => object };
}

/* eslint-disable-next-line @typescript-eslint/no-require-imports -- its types are compiled by src/cdktn/tsconfig.json */
const library = require('../../../src/cdktn/index.js') as Library;
const { BucketAccessKey, EphemeralLightsailBucketAccessKeySecret: Pair, SecretDestination } = library;

function refusal(props: (key: object) => unknown): string {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const secret = SecretDestination.file({ path: 'key.json' });
  const key = new BucketAccessKey(stack, 'key', { bucketName: 'uploads', secret });
  try {
    new Pair(stack, 'x', props(key));
    return '';
  } catch (error) {
    expect(stack.node.tryFindChild('x')).toBeUndefined();
    const { name, message } = error as Error;
    return name === 'Error' ? message : `${name}: ${message}`;
  }
}

test.each([undefined, null, 5, 'text', [], () => ({})])(
  'the ephemeral pair refuses %p as its props',
  (props) => {
    expect(refusal(() => props)).toMatch(/^\[stack\/x\] props is .*Give an object with key\.$/);
  },
);

test.each([undefined, null, Number.NaN, 'key', {}, [], () => ({})])('it refuses %p as its key', (key) => {
  expect(refusal(() => ({ key }))).toMatch(/^\[stack\/x\] key is .*Give a BucketAccessKey\.$/);
});

test.each([
  ['dependsOn', [undefined]],
  ['dependsOn', null],
  ['provider', null],
  ['lifecycle', null],
  ['lifecycle', { postcondition: {} }],
  ['forEach', ['a']],
  ['key', '${aws_x.y}'],
  ['connection', {}],
  ['provisioners', []],
  ['keys', []],
])('it refuses %s = %j', (name, value) => {
  expect(refusal((key) => ({ key, [name]: value }))).toMatch(new RegExp(`^\\[stack/x\\] ${name}`));
});

test('it takes a key, and what is undefined as absent', () => {
  expect(refusal((key) => ({ key, dependsOn: undefined, provider: undefined, lifecycle: undefined }))).toBe(
    '',
  );
});
