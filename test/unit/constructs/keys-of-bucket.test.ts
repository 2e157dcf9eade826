import { type TerraformStack, TerraformVariable, Testing } from 'cdktf';
import {
  BucketAccessKey,
  type BucketAccessKeyProps,
  LightsailProvider,
  SecretDestination,
} from '../../../src/constructs/index.js';
import { stackWith } from './stacks.js';

const secret = SecretDestination.terraformOutput();

/** Synthesizes a stack with keys on one bucket, as far as they say nothing else. */
function synthesis(keys: (stack: TerraformStack) => Partial<BucketAccessKeyProps>[]): () => void {
  const stack = stackWith((scope) => {
    keys(scope).forEach((props, index) => {
      new BucketAccessKey(scope, `key-${index + 1}`, { bucketName: 'uploads', secret, ...props });
    });
  });
  return () => Testing.fullSynth(stack);
}

test('a third key on a bucket fails the synthesis and names the two others', () => {
  const failing = synthesis(() => [{}, {}, {}]);
  expect(failing).toThrow(
    /\[stack\/key-3\] This is access key 3 .* "uploads", with stack\/key-1 and stack\/key-2\. A bucket holds two keys at most/,
  );
  expect(failing).not.toThrow(/\[stack\/key-[12]\]/);
});

test('two keys on each of two buckets pass', () => {
  expect(synthesis(() => [{}, {}, { bucketName: 'other' }, { bucketName: 'other' }])).not.toThrow();
});

test('keys on buckets that only Terraform will know pass', () => {
  const passing = synthesis((stack) => {
    const bucketName = new TerraformVariable(stack, 'bucket', { type: 'string' }).stringValue;
    return [{ bucketName }, { bucketName }, { bucketName }];
  });
  expect(passing).not.toThrow();
});

test('a count is as many keys as it says, as far as it is known', () => {
  expect(synthesis(() => [{ count: 3 }])).toThrow(
    /\[stack\/key-1\] This is access key 3 .* "uploads"\. A bucket/,
  );
  expect(synthesis(() => [{ count: 0 }, {}, {}])).not.toThrow();
  const unknown = synthesis((stack) => {
    const count = new TerraformVariable(stack, 'count', { type: 'number' }).numberValue;
    return [{ count }, {}, {}];
  });
  expect(unknown).not.toThrow();
});

test('keys under another provider are counted for themselves', () => {
  const passing = synthesis((stack) => {
    const provider = new LightsailProvider(stack, 'west', { alias: 'west' });
    return [{}, {}, { provider }];
  });
  expect(passing).not.toThrow();
});
