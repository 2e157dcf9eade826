import { type Bucket } from '../state/bucket.js';
import { type Context } from './context.js';
import { invalidInput, list, required, string } from './input.js';
import { type Input } from './wire.js';

const MAX_TAGS = 50;

export function tagResource(context: Context): unknown {
  const bucket = taggedBucket(context);
  setTags(bucket, required(readTags(context.input), 'tags'));
  context.call.effect = true;
  return { operations: [context.started('TagResource', bucket)] };
}

export function untagResource(context: Context): unknown {
  const bucket = taggedBucket(context);
  for (const key of required(list(context.input, 'tagKeys'), 'tagKeys')) {
    if (typeof key !== 'string') throw invalidInput('A tag key is not a string.');
    bucket.tags.delete(key);
  }
  context.call.effect = true;
  return { operations: [context.started('UntagResource', bucket)] };
}

export function setTags(bucket: Bucket, tags: ReadonlyMap<string, string>): void {
  if (new Set([...bucket.tags.keys(), ...tags.keys()]).size > MAX_TAGS) {
    throw invalidInput(`A resource has at most ${MAX_TAGS} tags.`);
  }
  for (const [key, value] of tags) bucket.tags.set(key, value);
}

/** A tag without a value, which Lightsail calls key-only, has the empty value here. */
export function readTags(input: Input): Map<string, string> | undefined {
  return list(input, 'tags')?.reduce<Map<string, string>>((tags, item) => {
    if (typeof item !== 'object' || item === null) throw invalidInput('A tag is not an object.');
    const key = required(string(item as Input, 'key'), 'tags.key');
    const value = string(item as Input, 'value') ?? '';
    if (key === '' || key.length > 128 || value.length > 256 || key.startsWith('aws:')) {
      throw invalidInput('A tag key has 1 to 128 characters without "aws:" in front, its value at most 256.');
    }
    return tags.set(key, value);
  }, new Map());
}

function taggedBucket({ account, input, gone }: Context): Bucket {
  const name = required(string(input, 'resourceName'), 'resourceName');
  const bucket = account.findBucket(name);
  if (!bucket) throw gone('Resource', name);
  const arn = string(input, 'resourceArn');
  if (arn !== undefined && arn !== bucket.arn) throw gone('Resource', arn);
  return bucket;
}
