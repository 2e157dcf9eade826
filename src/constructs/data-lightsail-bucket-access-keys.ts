import {
  ComplexList,
  ComplexObject,
  type IInterpolatingParent,
  type IResolvable,
  TerraformDataSource,
  type TerraformMetaArguments,
} from 'cdktf';
import type { Construct } from 'constructs';
import { PROVIDER_TYPE, TYPES } from '../contract/names.js';
import { definedArguments, hclArguments } from './private/arguments.js';
import { ensureProvider } from './private/default-provider.js';
import { assertArgument, enter } from './private/entrance.js';
import { bucketName } from './private/key-rules.js';
import { orEmpty } from './private/lightsail-resource.js';
import { META, metaOf, type WithoutMeta } from './private/meta-rules.js';
import { numbers, shape } from './private/rules.js';

/** Arguments of {@link DataLightsailBucketAccessKeys}. */
export interface DataLightsailBucketAccessKeysConfig extends TerraformMetaArguments {
  /** The name of an existing Lightsail bucket: 3 to 54 lowercase letters, digits and hyphens. */
  readonly bucketName: string;
}

const CONFIG = shape<WithoutMeta<DataLightsailBucketAccessKeysConfig>>({ ...META, bucketName });

/** What Terraform may know to be null of a key: AWS does not tell it, or the key was never used. */
const MAYBE_NULL =
  /^(access_keys\[[^\]]*\])\.(?:status|created_at|(last_used)\.(?:date|region|service_name))$/;

/**
 * All access keys of a bucket, whoever made them; never a secret. What is null in Terraform is an empty
 * string here.
 *
 * @throws Error with its path and everything that is wrong with `config`
 *
 * @see https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetBucketAccessKeys.html
 *
 * @example
 * const keys = new DataLightsailBucketAccessKeys(this, 'keys', { bucketName: 'my-uploads' });
 * new TerraformOutput(this, 'first-key-last-used', { value: keys.accessKeys.get(0).lastUsed.date });
 */
export class DataLightsailBucketAccessKeys extends TerraformDataSource {
  /** The data source's type in Terraform. */
  static readonly tfResourceType = TYPES.accessKeys;

  /** The bucket's keys, at most two. */
  readonly accessKeys = new BucketAccessKeyList(this, 'access_keys', false);

  readonly #bucketName: string;

  constructor(scope: Construct, id: string, config: DataLightsailBucketAccessKeysConfig) {
    super(enter(scope, id, CONFIG, config), id, {
      terraformResourceType: DataLightsailBucketAccessKeys.tfResourceType,
      terraformGeneratorMetadata: { providerName: PROVIDER_TYPE },
      ...metaOf(config),
    });
    this.#bucketName = config.bucketName;
    ensureProvider(this);
  }

  /** The bucket's name, as a token that waits for this data source. */
  get bucketName(): string {
    return this.getStringAttribute('bucket_name');
  }

  override interpolationForAttribute(attribute: string): IResolvable {
    const [, key, inner] = MAYBE_NULL.exec(attribute) ?? [];
    if (key === undefined) return super.interpolationForAttribute(attribute);
    const address = `data.${this.terraformResourceType}.${this.friendlyUniqueId}`;
    const [expression, parent] = [attribute, inner && `${key}.${inner}`].map(
      (each) => each && `${address}.${each}`,
    );
    return orEmpty(expression ?? '', this.cdktfStack, parent);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return definedArguments({ bucket_name: this.#bucketName });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclArguments({ bucket_name: this.#bucketName });
  }
}

const INDEX = numbers((index) => index >= 0, 'Give the place of a key in the list, counted from 0');

/** The keys of a bucket, in Lightsail's order. */
export class BucketAccessKeyList extends ComplexList {
  /** The key at a place, counted from 0; Terraform fails when the bucket has no such key. */
  get(index: number): BucketAccessKeyReference {
    if (this.terraformResource instanceof DataLightsailBucketAccessKeys)
      assertArgument(this.terraformResource, 'index', index, INDEX);
    return new BucketAccessKeyReference(
      this.terraformResource,
      this.terraformAttribute,
      index,
      this.wrapsSet,
    );
  }
}

/** One key of a bucket. */
export class BucketAccessKeyReference extends ComplexObject {
  /** When, where and with which service the key was last used. */
  readonly lastUsed: BucketAccessKeyLastUsedReference;

  constructor(parent: IInterpolatingParent, attribute: string, index: number, wrapsSet: boolean) {
    super(parent, attribute, wrapsSet, index);
    this.lastUsed = new BucketAccessKeyLastUsedReference(this, 'last_used', false);
  }

  /** The key's ID: no secret. */
  get accessKeyId(): string {
    return this.getStringAttribute('access_key_id');
  }

  /** `Active` or `Inactive`. */
  get status(): string {
    return this.getStringAttribute('status');
  }

  /** In RFC 3339. */
  get createdAt(): string {
    return this.getStringAttribute('created_at');
  }
}

/** The last use of a key; all empty when it was never used. */
export class BucketAccessKeyLastUsedReference extends ComplexObject {
  /** In RFC 3339. */
  get date(): string {
    return this.getStringAttribute('date');
  }

  /** The AWS Region of the call. */
  get region(): string {
    return this.getStringAttribute('region');
  }

  /** The service that was called, such as `s3`. */
  get serviceName(): string {
    return this.getStringAttribute('service_name');
  }
}
