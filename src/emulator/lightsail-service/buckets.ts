import { type Bucket, BUCKET_NAME } from '../state/bucket.js';
import { type Account } from '../state/account.js';
import { bundleId } from './bundles.js';
import { type Context } from './context.js';
import { boolean, bucketName, invalidInput, list, object, string } from './input.js';
import { readTags } from './tags.js';
import { epochSeconds } from './wire.js';

const PAGE_SIZE = 100;
const MAX_READONLY_ACCOUNTS = 10;

/** What the API reports in an account's first hour. */
const BPA_SYNC = { status: 'NeverSynced', message: 'SYNC_ON_HOLD', bpaImpactsLightsail: false };

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

/** The token is the name after which the page begins, wrapped so that nobody takes it for a name. */
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

export function updateBucketBundle({ bucket, input, call, started }: Context): unknown {
  const updated = bucket();
  updated.settings = { ...updated.settings, bundleId: bundleId(input) };
  call.effect = true;
  return { operations: [started('UpdateBucketBundle', updated, updated.settings.bundleId)] };
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
