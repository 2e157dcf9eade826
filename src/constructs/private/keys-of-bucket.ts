import type { TerraformResource } from 'cdktf';
import { declaredKeys, isLiteral } from './declared-key.js';
import type { Problems } from './validation.js';

const MOST = 2;

/** Too many keys of one stack on one bucket: said by the key with which they become too many, and those after it. */
export function checkKeysOfBucket(resource: TerraformResource): Problems {
  const keys = declaredKeys(resource);
  const own = keys.findIndex((key) => key.resource === resource);
  const key = keys[own];
  if (!key || key.instances === 0 || !isLiteral(key.bucketName)) return [];
  const before = keys
    .slice(0, own)
    .filter(({ bucketName, provider }) => bucketName === key.bucketName && provider === key.provider)
    .filter(({ instances }) => instances > 0);
  const total = before.reduce((sum, { instances }) => sum + instances, key.instances);
  if (total <= MOST) return [];
  const others = before.length === 0 ? '' : `, with ${before.map(({ path }) => path).join(' and ')}`;
  return [
    `This is access key ${total} of this stack on the bucket "${key.bucketName}"${others}. A bucket holds two keys ` +
      `at most, so Lightsail would refuse to make this one. Remove a key, or let two consumers share one.`,
  ];
}
