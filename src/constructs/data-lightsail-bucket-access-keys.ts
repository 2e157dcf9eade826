import {
  ComplexList,
  ComplexObject,
  type IInterpolatingParent,
  TerraformDataSource,
  type TerraformMetaArguments,
} from 'cdktf';
import type { Construct } from 'constructs';
import { definedArguments, hclArguments } from './private/arguments.js';
import { ensureProvider } from './private/default-provider.js';
import { PROVIDER_TYPE } from './private/provider-arguments.js';
import { checkBucketName } from './private/validation.js';

/** Arguments of {@link DataLightsailBucketAccessKeys}. */
export interface DataLightsailBucketAccessKeysConfig extends TerraformMetaArguments {
  /** The name of an existing Lightsail bucket. */
  readonly bucketName: string;
}

/**
 * All access keys of a bucket, whoever made them; never a secret.
 *
 * @see https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetBucketAccessKeys.html
 *
 * @example
 * const keys = new DataLightsailBucketAccessKeys(this, 'keys', { bucketName: 'my-uploads' });
 * new TerraformOutput(this, 'first-key-last-used', { value: keys.accessKeys.get(0).lastUsed.date });
 */
export class DataLightsailBucketAccessKeys extends TerraformDataSource {
  /** The data source's type in Terraform. */
  static readonly tfResourceType = 'lightsail_bucket_access_keys';

  /** The bucket's keys, at most two. */
  readonly accessKeys = new BucketAccessKeyList(this, 'access_keys', false);

  readonly #bucketName: string;

  constructor(scope: Construct, id: string, config: DataLightsailBucketAccessKeysConfig) {
    const { bucketName, ...meta } = config;
    super(scope, id, {
      terraformResourceType: DataLightsailBucketAccessKeys.tfResourceType,
      terraformGeneratorMetadata: { providerName: PROVIDER_TYPE },
      ...meta,
    });
    this.#bucketName = bucketName;
    this.node.addValidation({ validate: () => [...checkBucketName(bucketName)] });
    ensureProvider(this);
  }

  /** The bucket's name, as a token that waits for this data source. */
  get bucketName(): string {
    return this.getStringAttribute('bucket_name');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return definedArguments({ bucket_name: this.#bucketName });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclArguments({ bucket_name: this.#bucketName });
  }
}

/** The keys of a bucket, in Lightsail's order. */
export class BucketAccessKeyList extends ComplexList {
  /** The key at a place, counted from 0; Terraform fails when the bucket has no such key. */
  get(index: number): BucketAccessKeyReference {
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

/** The last use of a key; all null when it was never used. */
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
