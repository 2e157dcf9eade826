import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import {
  BucketAccessKey,
  DataLightsailBucketAccessKeys,
  SecretDestination,
} from '../../../src/constructs/index.js';
import type { Synthesized } from './stacks.js';

test('what another stack refers to is an output that is an empty string where it would be null', () => {
  const app = Testing.app();
  const keys = new TerraformStack(app, 'keys');
  const consumer = new TerraformStack(app, 'consumer');
  const key = new BucketAccessKey(keys, 'key', {
    bucketName: 'uploads',
    secret: SecretDestination.ssmParameter({ name: '/ci/uploads' }),
  });
  const found = new DataLightsailBucketAccessKeys(keys, 'found', { bucketName: 'uploads' });
  new TerraformOutput(consumer, 'previous', { value: key.previousAccessKeyId });
  new TerraformOutput(consumer, 'due', { value: `due: ${key.rotationDueAt}` });
  new TerraformOutput(consumer, 'used', { value: found.accessKeys.get(0).lastUsed.date });
  app.synth();
  const of = (stack: TerraformStack) => JSON.parse(Testing.synth(stack)) as Synthesized;
  const values = Object.values(of(keys).output).map(({ value }) => String(value));
  expect(values).toHaveLength(3);
  for (const value of values) expect(value).toMatch(/^\$\{\(.+ == null \? "" : .+\)\}$/);
  for (const { value } of Object.values(of(consumer).output)) {
    expect(value).toMatch(/^(due: )?\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.[\w-]+\}$/);
    const [, output = ''] = /outputs\.([\w-]+)/.exec(String(value)) ?? [];
    expect(Object.keys(of(keys).output)).toContain(output);
  }
});
