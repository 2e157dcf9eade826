import {
  DefaultTokenResolver,
  type IResolvable,
  StringConcat,
  type TerraformResource,
  TerraformStack,
  Tokenization,
} from 'cdktf';
import type { IConstruct } from 'constructs';
import { ON_UNMANAGED_KEY } from '../../contract/limits.js';
import { ACCESS_KEY_ID } from '../../contract/names.js';
import type { BucketAccessKeyAuditProps } from '../bucket-access-key-audit.js';
import { BucketAccessKey } from '../bucket-access-key.js';
import { type DeclaredKey, declaredKeys, isLiteral } from './declared-keys.js';
import { bucketName } from './key-rules.js';
import { orNull } from './lightsail-resource.js';
import { META, type WithoutMeta } from './meta-rules.js';
import { leaf, listOf, oneOf, optional, type Problems, shape } from './rules.js';

const ID = 'Give a BucketAccessKey, or an ID as Lightsail lists it, such as AKIAIOSFODNN7EXAMPLE';

const keyOrId = leaf((given) => {
  if (given instanceof BucketAccessKey) return null;
  return typeof given === 'string' && ACCESS_KEY_ID.test(given) ? null : { remedy: ID };
});

export const AUDIT = shape<WithoutMeta<BucketAccessKeyAuditProps>>({
  ...META,
  bucketName,
  keys: listOf(keyOrId, {
    what: 'is empty, and every access key of the bucket would be unmanaged',
    remedy: 'Give the keys that are managed: those of this stack, and the IDs of others',
  }),
  onUnmanagedKey: optional(oneOf(ON_UNMANAGED_KEY)),
});

/** The IDs behind the keys of an audit: those that Terraform knows to be absent are null. */
export function idsOf(
  audit: TerraformStack,
  keys: readonly (BucketAccessKey | string)[] | IResolvable,
): string[] | IResolvable {
  if (isToken(keys)) return keys;
  return keys.flatMap((key) => {
    if (!(key instanceof BucketAccessKey)) return [key];
    return [
      key.accessKeyId,
      TerraformStack.of(key) === audit
        ? key.resource.getStringAttribute('previous_access_key_id')
        : orNull(key.previousAccessKeyId),
    ];
  });
}

/** What is wrong with the keys that an audit is to take as managed, beside others of the stack. */
export function checkAuditedKeys(
  resource: TerraformResource,
  bucketName: string,
  keys: readonly (BucketAccessKey | string)[] | IResolvable,
): Problems {
  if (isToken(keys)) return [];
  const own = keys.filter((key) => key instanceof BucketAccessKey);
  return [...own.flatMap((key) => checkKey(bucketName, key)), ...checkMissing(resource, bucketName, own)];
}

/** A list that only Terraform will know. */
function isToken(keys: readonly (BucketAccessKey | string)[] | IResolvable): keys is IResolvable {
  return !Array.isArray(keys);
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
