import { TerraformOutput } from 'cdktf';
import { DataLightsailBucketAccessKeys } from '../../../src/constructs/index.js';
import { only, synthesize } from './stacks.js';

test('the keys of a bucket and their last use are references to the data source, and empty where they are null', () => {
  const { data, output } = synthesize((stack) => {
    const keys = new DataLightsailBucketAccessKeys(stack, 'keys', { bucketName: 'uploads' });
    const first = keys.accessKeys.get(0);
    new TerraformOutput(stack, 'id', { value: first.accessKeyId });
    new TerraformOutput(stack, 'used', { value: first.lastUsed.date });
    new TerraformOutput(stack, 'all', { value: keys.accessKeys });
  });
  const first = 'data.lightsail_bucket_access_keys.keys.access_keys[0]';
  expect(only(data.lightsail_bucket_access_keys)).toEqual({ bucket_name: 'uploads' });
  expect(output).toEqual({
    id: { value: '${data.lightsail_bucket_access_keys.keys.access_keys[0].access_key_id}' },
    used: {
      value: `\${(${first}.last_used == null ? "" : (${first}.last_used.date == null ? "" : ${first}.last_used.date))}`,
    },
    all: { value: '${data.lightsail_bucket_access_keys.keys.access_keys}' },
  });
});
