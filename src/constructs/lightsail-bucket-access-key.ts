import {
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  type TerraformProvider,
  Token,
} from 'cdktf';
import type { Construct } from 'constructs';
import { TYPES } from '../contract/names.js';
import type { HooksProps, RotationProps } from './bucket-access-key-props.js';
import { assertArgument, enter } from './private/entrance.js';
import { ACCESS_KEY, IMPORT, importId } from './private/key-rules.js';
import { LightsailResource, orEmpty } from './private/lightsail-resource.js';
import { lightsailProvider, metaOf } from './private/meta-rules.js';
import { filled } from './private/rules.js';
import type {
  CommandDestinationProps,
  FileDestinationProps,
  SecretsManagerDestinationProps,
  SsmParameterDestinationProps,
  TerraformOutputDestinationProps,
  VaultKvDestinationProps,
} from './secret-destination-props.js';

/** Where the secret goes: exactly one of these. */
export interface LightsailBucketAccessKeySecret {
  readonly terraformOutput?: TerraformOutputDestinationProps;
  readonly file?: FileDestinationProps;
  readonly secretsManager?: SecretsManagerDestinationProps;
  readonly ssmParameter?: SsmParameterDestinationProps;
  readonly vaultKv?: VaultKvDestinationProps;
  readonly command?: CommandDestinationProps;
}

/** Arguments of {@link LightsailBucketAccessKey}; the same as those of `BucketAccessKey`, but for `secret`. */
export interface LightsailBucketAccessKeyConfig extends TerraformMetaArguments {
  /** 3 to 54 lowercase letters, digits and hyphens. */
  readonly bucketName: string;
  readonly secret: LightsailBucketAccessKeySecret;
  /** Default: false. */
  readonly exclusive?: boolean | IResolvable;
  /** Default: true. */
  readonly verify?: boolean | IResolvable;
  /** 1 to 3600. Default: 60. */
  readonly verifyTimeoutSeconds?: number;
  readonly rotation?: RotationProps;
  readonly hooks?: HooksProps;
}

/**
 * Terraform's resource `lightsail_bucket_access_key`, argument for argument: what `BucketAccessKey` makes, and what the
 * matchers of the framework's `Testing` look for. In a stack, use `BucketAccessKey`: it knows the AWS provider, and finds
 * two keys at one destination.
 *
 * What is null in Terraform is an empty string here.
 *
 * @throws Error with its path and everything that is wrong with `config`
 *
 * @example
 * expect(Testing.synth(stack)).toHaveResourceWithProperties(LightsailBucketAccessKey, { bucket_name: 'my-uploads' });
 */
export class LightsailBucketAccessKey extends LightsailResource {
  /** The resource's type in Terraform. */
  static readonly tfResourceType = TYPES.accessKey;

  /**
   * Lets `terraform plan -generate-config-out=FILE` write the configuration of a key that exists. What it writes lacks
   * `secret`: AWS shows a secret once, so where it goes is for you to add.
   *
   * @param importFromId `BUCKET,ACCESSKEYID`
   * @throws Error with the path of `importToId`, and what is wrong with an argument
   *
   * @example
   * LightsailBucketAccessKey.generateConfigForImport(this, 'uploads', 'my-uploads,AKIAIOSFODNN7EXAMPLE');
   */
  static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    const owned = enter(scope, importToId, IMPORT, { importFromId, provider });
    return new ImportableResource(owned, importToId, {
      terraformResourceType: LightsailBucketAccessKey.tfResourceType,
      importId: importFromId,
      ...(provider && { provider }),
    });
  }

  constructor(scope: Construct, id: string, config: LightsailBucketAccessKeyConfig) {
    super(
      enter(scope, id, ACCESS_KEY, config),
      id,
      TYPES.accessKey,
      ACCESS_KEY.arguments(config),
      metaOf(config),
    );
  }

  /**
   * Takes over a key that exists, as `terraform import` does.
   *
   * @param id `BUCKET,ACCESSKEYID`
   * @throws Error where the ID is of another form, or the provider is none of Lightsail's
   *
   * @example
   * key.resource.importFrom('my-uploads,AKIAIOSFODNN7EXAMPLE');
   */
  override importFrom(id: string, provider?: TerraformProvider): void {
    assertArgument(this, 'id', id, importId);
    assertArgument(this, 'provider', provider, lightsailProvider);
    super.importFrom(id, provider);
  }

  /**
   * Keeps the key of a resource that had another address in this stack until now: its state is moved here.
   *
   * @param id what Terraform calls the old resource, as `terraform state list` prints it
   * @throws Error where that is no text
   *
   * @example
   * key.resource.moveFromId('lightsail_bucket_access_key.OLD');
   */
  override moveFromId(id: string): void {
    assertArgument(this, 'id', id, ADDRESS);
    super.moveFromId(id);
  }

  /**
   * The same said where the old resource is declared.
   *
   * @param id what Terraform calls the new resource
   * @throws Error where that is no text
   *
   * @example
   * key.resource.moveToId('lightsail_bucket_access_key.NEW');
   */
  override moveToId(id: string): void {
    assertArgument(this, 'id', id, ADDRESS);
    super.moveToId(id);
  }

  get accessKeyId(): string {
    return this.getStringAttribute('access_key_id');
  }

  get status(): string {
    return this.#orEmpty('status');
  }

  get createdAt(): string {
    return this.#orEmpty('created_at');
  }

  get previousAccessKeyId(): string {
    return this.#orEmpty('previous_access_key_id');
  }

  get retirePreviousAfter(): string {
    return this.#orEmpty('retire_previous_after');
  }

  get rotationDueAt(): string {
    return this.#orEmpty('rotation_due_at');
  }

  get secretReference(): string {
    return this.#orEmpty('secret_reference');
  }

  /** Sensitive. */
  get secretAccessKey(): string {
    return this.#orEmpty('secret_access_key');
  }

  get sealedSecretAccessKey(): string {
    return this.#orEmpty('sealed_secret_access_key');
  }

  #orEmpty(attribute: string): string {
    const address = `${this.terraformResourceType}.${this.friendlyUniqueId}.${attribute}`;
    return Token.asString(orEmpty(address, this.cdktfStack));
  }
}

const ADDRESS = filled('Give what terraform state list prints, such as lightsail_bucket_access_key.uploads');
