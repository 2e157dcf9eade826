import { type Account } from '../state/account.js';
import { type Bucket, BUCKET_NAME } from '../state/bucket.js';
import { type Context } from './context.js';
import {
  boolean,
  bucketName,
  epochSeconds,
  type Input,
  invalidInput,
  list,
  object,
  required,
  string,
} from './wire.js';

const PAGE_SIZE = 100;
const MAX_READONLY_ACCOUNTS = 10;
const MAX_TAGS = 50;

/** What the API reports in an account's first hour. */
const BPA_SYNC = { status: 'NeverSynced', message: 'SYNC_ON_HOLD', bpaImpactsLightsail: false };

/** The bundles of the price list. */
const BUNDLES = [
  { bundleId: 'small_1_0', name: 'Object Storage 5 GB', price: 1, storage: 5, transfer: 25 },
  { bundleId: 'medium_1_0', name: 'Object Storage 100 GB', price: 3, storage: 100, transfer: 250 },
  { bundleId: 'large_1_0', name: 'Object Storage 250 GB', price: 5, storage: 250, transfer: 500 },
];

export function createBucket({ account, input, call, started }: Context): unknown {
  const name = bucketName(input);
  const bundle = bundleId(input);
  const tags = readTags(input);
  const versioned = boolean(input, 'enableObjectVersioning');
  if (account.findBucket(name)) throw invalidInput(`The bucket name ${name} is already taken.`);
  const bucket = account.createBucket(name, bundle);
  for (const [tag, value] of tags ?? []) bucket.tags.set(tag, value);
  if (versioned) bucket.settings = { ...bucket.settings, objectVersioning: 'Enabled' };
  call.effect = true;
  return { bucket: describe(account, bucket), operations: [started('CreateBucket', bucket, bundle)] };
}

export function getBuckets({ account, input, gone }: Context): unknown {
  const name = string(input, 'bucketName');
  if (name !== undefined) {
    const bucket = account.findBucket(bucketName(input));
    if (!bucket) throw gone('Bucket', name);
    const cors = boolean(input, 'includeCors') && { cors: bucket.cors ?? { rules: [] } };
    return { buckets: [{ ...describe(account, bucket), ...cors }], accountLevelBpaSync: BPA_SYNC };
  }
  const after = readToken(string(input, 'pageToken'));
  const rest = account.buckets.filter((bucket) => bucket.name > after);
  const page = rest.slice(0, PAGE_SIZE);
  const last = page.at(-1);
  return {
    buckets: page.map((bucket) => describe(account, bucket)),
    accountLevelBpaSync: BPA_SYNC,
    ...(rest.length > page.length && last && { nextPageToken: tokenAfter(last.name) }),
  };
}

export function deleteBucket({ account, bucket, input, call, started }: Context): unknown {
  const doomed = bucket();
  if (!boolean(input, 'forceDelete') && (doomed.keys.length > 0 || doomed.objects.size > 0)) {
    throw invalidInput(
      `The bucket ${doomed.name} has objects or access keys: delete them first, or force the deletion.`,
    );
  }
  account.deleteBucket(doomed.name);
  call.effect = true;
  return { operations: [started('DeleteBucket', doomed)] };
}

export function updateBucket({ account, bucket, input, call, started }: Context): unknown {
  const updated = bucket();
  const versioning = string(input, 'versioning');
  if (versioning !== undefined && versioning !== 'Enabled' && versioning !== 'Suspended') {
    throw invalidInput('The versioning is either Enabled or Suspended.');
  }
  const accounts = list(input, 'readonlyAccessAccounts');
  if (accounts && accounts.length > MAX_READONLY_ACCOUNTS) {
    throw invalidInput(`At most ${MAX_READONLY_ACCOUNTS} accounts can have read access.`);
  }
  const before = updated.settings;
  updated.settings = {
    ...before,
    objectVersioning: versioning ?? before.objectVersioning,
    accessRules: { ...before.accessRules, ...object(input, 'accessRules') },
    accessLogConfig: object(input, 'accessLogConfig') ?? before.accessLogConfig,
    readonlyAccessAccounts: accounts ?? before.readonlyAccessAccounts,
  };
  const cors = object(input, 'cors');
  if (cors) updated.cors = cors;
  call.effect = true;
  return {
    bucket: { ...describe(account, updated), ...(cors && { cors }) },
    operations: [started('UpdateBucket', updated)],
  };
}

export function updateBucketBundle({ bucket, input, call, started }: Context): unknown {
  const updated = bucket();
  updated.settings = { ...updated.settings, bundleId: bundleId(input) };
  call.effect = true;
  return { operations: [started('UpdateBucketBundle', updated, updated.settings.bundleId)] };
}

export function getBucketBundles({ input }: Context): unknown {
  boolean(input, 'includeInactive');
  return {
    bundles: BUNDLES.map(({ bundleId, name, price, storage, transfer }) => ({
      bundleId,
      name,
      price,
      storagePerMonthInGb: storage,
      transferPerMonthInGb: transfer,
      isActive: true,
    })),
  };
}

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

/** The token is the name after which the page begins, wrapped so that it is not taken for a name. */
function tokenAfter(name: string): string {
  return Buffer.from(`after:${name}`).toString('base64url');
}

/** Only what an answer has given counts; the bucket may have gone meanwhile. */
function readToken(token: string | undefined): string {
  if (token === undefined) return '';
  const name = Buffer.from(token, 'base64url').toString().slice('after:'.length);
  if (BUCKET_NAME.test(name) && token === tokenAfter(name)) return name;
  throw invalidInput('The page token is not valid: give the nextPageToken of an earlier answer.');
}

function bundleId(input: Input): string {
  const id = required(string(input, 'bundleId'), 'bundleId');
  if (BUNDLES.some((bundle) => bundle.bundleId === id)) return id;
  throw invalidInput(`There is no bucket bundle ${id}.`);
}

function taggedBucket({ account, input, gone }: Context): Bucket {
  const name = required(string(input, 'resourceName'), 'resourceName');
  const bucket = account.findBucket(name);
  if (!bucket) throw gone('Resource', name);
  const arn = string(input, 'resourceArn');
  if (arn !== undefined && arn !== bucket.arn) throw gone('Resource', arn);
  return bucket;
}

/** A tag without a value, which Lightsail calls key-only, has the empty value here. */
function readTags(input: Input): Map<string, string> | undefined {
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

/** Without the CORS rules, which the API shows only on request. */
function describe(account: Account, bucket: Bucket): Record<string, unknown> {
  return {
    resourceType: 'Bucket',
    name: bucket.name,
    arn: bucket.arn,
    createdAt: epochSeconds(bucket.createdAt),
    url: `https://${bucket.name}.s3.${account.region}.amazonaws.com`,
    location: { availabilityZone: 'all', regionName: account.region },
    supportCode: bucket.supportCode,
    tags: [...bucket.tags].map(([key, value]) => ({ key, value })),
    ableToUpdateBundle: true,
    resourcesReceivingAccess: [],
    state: { code: 'OK' },
    ...bucket.settings,
  };
}
