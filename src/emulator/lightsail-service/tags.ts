import { type Bucket } from '../state/bucket.js';
import { type Context } from './context.js';
import { invalidInput, list, required, string } from './input.js';
import { type Input } from './wire.js';

const MAX_TAGS = 50;

export function tagResource(context: Context): unknown {
  const bucket = taggedBucket(context);
  const tags = required(readTags(context.input), 'tags');
  checkCount([...bucket.tags.keys(), ...tags.keys()]);
  for (const [key, value] of tags) bucket.tags.set(key, value);
  context.call.effect = true;
  return { operations: [context.started('TagResource', bucket)] };
}

export function untagResource(context: Context): unknown {
  const bucket = taggedBucket(context);
  for (const key of required(list(context.input, 'tagKeys'), 'tagKeys')) bucket.tags.delete(String(key));
  context.call.effect = true;
  return { operations: [context.started('UntagResource', bucket)] };
}

/** A tag without a value, which Lightsail calls key-only, has the empty value here. */
export function readTags(input: Input): Map<string, string> | undefined {
  const items = list(input, 'tags');
  if (!items) return undefined;
  const tags = new Map(items.map(readTag));
  checkCount([...tags.keys()]);
  return tags;
}

function readTag(item: unknown): [key: string, value: string] {
  if (typeof item !== 'object' || item === null) throw invalidInput('A tag is not an object.');
  const key = required(string(item as Input, 'key'), 'tags.key');
  const value = string(item as Input, 'value') ?? '';
  if (key === '' || key.length > 128 || value.length > 256 || key.startsWith('aws:')) {
    throw invalidInput('A tag key has 1 to 128 characters without "aws:" in front, its value at most 256.');
  }
  return [key, value];
}

function checkCount(keys: readonly string[]): void {
  if (new Set(keys).size > MAX_TAGS) throw invalidInput(`A resource has at most ${MAX_TAGS} tags.`);
}

function taggedBucket({ account, input, gone }: Context): Bucket {
  const name = required(string(input, 'resourceName'), 'resourceName');
  const bucket = account.findBucket(name);
  if (!bucket) throw gone('Resource', name);
  const arn = string(input, 'resourceArn');
  if (arn !== undefined && arn !== bucket.arn) throw gone('Resource', arn);
  return bucket;
}
