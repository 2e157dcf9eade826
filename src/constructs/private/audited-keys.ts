import {
  DefaultTokenResolver,
  Fn,
  StringConcat,
  type TerraformResource,
  TerraformStack,
  Token,
  Tokenization,
} from 'cdktf';
import type { IConstruct } from 'constructs';
import type { BucketAccessKey } from '../bucket-access-key.js';
import { type DeclaredKey, declaredKeys, isLiteral } from './declared-key.js';
import type { Problems } from './validation.js';

const ACCESS_KEY_ID = /^\w{16,128}$/;

/** The IDs behind the keys of an audit: those that Terraform knows to be absent are null. */
export function idsOf(audit: TerraformStack, keys: readonly (BucketAccessKey | string)[]): string[] {
  return keys.flatMap((key) => {
    if (typeof key === 'string') return [key];
    if (TerraformStack.of(key) === audit) return [key.accessKeyId, key.previousAccessKeyId];
    // Another stack's state has no output for what is null; `one([])` is null.
    return [key.accessKeyId, Token.asString(Fn.try([key.previousAccessKeyId, Fn.one([])]))];
  });
}

/** What is wrong with the keys that an audit is to take as managed. */
export function checkAuditedKeys(
  resource: TerraformResource,
  bucketName: string,
  keys: readonly (BucketAccessKey | string)[],
): Problems {
  if (keys.length === 0) {
    return [
      `keys is empty, so the audit would call every access key of the bucket unmanaged. Give the keys that are ` +
        `managed: those of this stack, and the IDs of others.`,
    ];
  }
  const own = keys.filter((key) => typeof key !== 'string');
  return [
    ...keys.filter((key) => typeof key === 'string').flatMap(checkId),
    ...own.flatMap((key) => checkKey(bucketName, key)),
    ...checkMissing(resource, bucketName, own),
  ];
}

function checkId(id: string): Problems {
  if (Token.isUnresolved(id) || !isLiteral(id) || ACCESS_KEY_ID.test(id)) return [];
  return [
    `"${id}" in keys is not the ID of an access key, so the key that was meant would count as unmanaged. Give an ID ` +
      `as Lightsail lists it, such as AKIAIOSFODNN7EXAMPLE.`,
  ];
}

function checkKey(bucketName: string, key: BucketAccessKey): Problems {
  const { path } = key.node;
  const declared = declaredKeys(key.resource).find(({ resource }) => resource === key.resource);
  const { terraformResourceType, friendlyUniqueId, count, forEach } = key.resource;
  if (count !== undefined || forEach !== undefined) {
    return [
      `${path} in keys stands for several access keys (count or forEach), whose IDs only Terraform can tell apart. ` +
        `Give the ID of each, for instance "\${${terraformResourceType}.${friendlyUniqueId}[0].access_key_id}".`,
    ];
  }
  if (!declared || !isLiteral(declared.bucketName) || !isLiteral(bucketName)) return [];
  if (declared.bucketName === bucketName) return [];
  return [
    `${path} in keys is an access key of the bucket "${declared.bucketName}", and this audit is of "${bucketName}". ` +
      `Give every bucket an audit of its own.`,
  ];
}

/** Terraform may read such a key before the audit or after it: whether it counted would be left to chance. */
function checkMissing(
  audit: TerraformResource,
  bucketName: string,
  given: readonly BucketAccessKey[],
): Problems {
  const bucket = resolved(audit, bucketName);
  const isAudited = (key: DeclaredKey) =>
    resolved(audit, key.bucketName) === bucket && key.resource.provider === audit.provider;
  return declaredKeys(audit)
    .filter((key) => isAudited(key) && !given.some(({ resource }) => resource === key.resource))
    .map(
      ({ path }) =>
        `${path} is an access key of the audited bucket and is not in keys, so the audit may call it unmanaged. ` +
        `Add it to keys.`,
    );
}

/** Two tokens of one attribute are different strings until they are resolved. */
function resolved(scope: IConstruct, value: unknown): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return JSON.stringify(Tokenization.resolve(value, { scope, preparing: false, resolver }));
}
