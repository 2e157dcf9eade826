import {
  type ITerraformDependable,
  type TerraformMetaArguments,
  TerraformOutput,
  type TerraformResource,
} from 'cdktf';
import { Construct } from 'constructs';
import type { BucketAccessKeyProps } from './bucket-access-key-props.js';
import { AccessKeyResource } from './private/access-key-resource.js';
import { addressOfAwsKey } from './private/aws-key-address.js';
import type { BoundDestination } from './private/destination.js';
import { checkHooks, hooksArguments } from './private/hooks.js';
import { checkKeysOfBucket } from './private/keys-of-bucket.js';
import { checkRotation, rotationArguments } from './private/rotation.js';
import { checkSensitiveOutputs } from './private/sensitive-outputs.js';
import { checkSharedDestination } from './private/shared-destinations.js';
import { checkBucketName, checkWholeNumber } from './private/validation.js';

/**
 * An access key of an Amazon Lightsail bucket, whose secret goes where `secret` says and nowhere else.
 *
 * A bucket holds at most two keys, and a destination the secret of one. A stack with more, like every value that
 * cannot be right, fails the synthesis, naming this construct's path; tokens are checked by Terraform, when they are
 * known.
 *
 * @see https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_CreateBucketAccessKey.html
 *
 * @example
 * const key = new BucketAccessKey(this, 'uploads', {
 *   bucketName: bucket.name,
 *   secret: SecretDestination.file({ path: '/etc/uploader/key.json' }),
 * });
 * new TerraformOutput(this, 'key-id', { value: key.accessKeyId });
 */
export class BucketAccessKey extends Construct implements ITerraformDependable {
  /**
   * The Terraform resource behind this key, for what CDKTF offers on every resource: `importFrom` (the ID is
   * `BUCKET,ACCESSKEYID`), `moveFromId`, `addOverride`, `lifecycle`.
   */
  readonly resource: TerraformResource;

  readonly #destination: BoundDestination;

  constructor(scope: Construct, id: string, props: BucketAccessKeyProps) {
    super(scope, id);
    const { bucketName, secret, rotation, hooks, exclusive, verify, verifyTimeoutSeconds, ...meta } = props;
    this.#destination = secret.bind(this);
    this.resource = new AccessKeyResource(
      this,
      'Resource',
      {
        bucket_name: bucketName,
        secret: { [this.#destination.route]: this.#destination.arguments },
        exclusive,
        verify,
        verify_timeout_seconds: verifyTimeoutSeconds,
        rotation: rotation && rotationArguments(rotation),
        hooks: hooks && hooksArguments(hooks),
      },
      withDependencies(meta, this.#destination.dependsOn),
    );
    this.node.addValidation({
      validate: () => [
        ...checkBucketName(bucketName),
        ...this.#destination.problems,
        ...checkSensitiveOutputs(this.resource),
        ...checkSharedDestination(this.resource),
        ...checkKeysOfBucket(this.resource),
        ...checkWholeNumber('verifyTimeoutSeconds', verifyTimeoutSeconds, { from: 1, unit: 'seconds' }),
        ...checkRotation(rotation),
        ...checkHooks(hooks),
      ],
    });
  }

  /** The key's ID, such as `AKIA…`: no secret. A token, known after the key was created. */
  get accessKeyId(): string {
    return this.resource.getStringAttribute('access_key_id');
  }

  /** The ID of the key before, while it is still valid beside the current one; otherwise null. A token. */
  get previousAccessKeyId(): string {
    return this.resource.getStringAttribute('previous_access_key_id');
  }

  /** When the previous key's overlap ends, in RFC 3339: the first apply after that retires it; otherwise null. A token. */
  get retirePreviousAfter(): string {
    return this.resource.getStringAttribute('retire_previous_after');
  }

  /** When the current key is due by its age, in RFC 3339; null without `rotation.afterDays`. A token. */
  get rotationDueAt(): string {
    return this.resource.getStringAttribute('rotation_due_at');
  }

  /** `Active` or `Inactive`, as Lightsail says. A token. */
  get status(): string {
    return this.resource.getStringAttribute('status');
  }

  /** When Lightsail created the key, in RFC 3339. A token. */
  get createdAt(): string {
    return this.resource.getStringAttribute('created_at');
  }

  /**
   * What a consumer needs to find the secret, never the secret: a path, an ARN with its version, a name. A token.
   *
   * In Secrets Manager it is `ARN:::VERSION`, which a task definition of ECS takes as it is, and which follows the key:
   * a new one means a new revision. For one part of the pair, put its name between the colons.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
   *
   * @example
   * const secrets = [
   *   { name: 'UPLOADS_KEY', valueFrom: key.secretReference },
   *   { name: 'AWS_SECRET_ACCESS_KEY', valueFrom: Fn.replace(key.secretReference, ':::', ':secretAccessKey::') },
   * ];
   * new EcsTaskDefinition(this, 'uploader', {
   *   family: 'uploader',
   *   containerDefinitions: Fn.jsonencode([{ name: 'uploader', image: 'uploader', memory: 128, secrets }]),
   * });
   */
  get secretReference(): string {
    return this.resource.getStringAttribute('secret_reference');
  }

  /**
   * The secret itself, a sensitive token: only with {@link SecretDestination.terraformOutput} without recipients. An
   * output of it that is not marked as sensitive fails the synthesis; {@link secretOutput} makes one that is.
   *
   * @throws Error with any other destination, since the secret is then nowhere in Terraform
   */
  get secretAccessKey(): string {
    if (this.#destination.route !== 'terraform_output') throw this.#elsewhere('secretAccessKey');
    if (this.#isSealed) {
      throw new Error(
        `[${this.node.path}] secretAccessKey was asked for, but this access key's secret is sealed for age recipients, ` +
          `so Terraform never holds it in clear. Hand on sealedSecretAccessKey, which a recipient opens; or leave ` +
          `ageRecipients out, which puts the secret into Terraform's state.`,
      );
    }
    return this.resource.getStringAttribute('secret_access_key');
  }

  /**
   * The secret as an armored age file, a token that may be shown: only with {@link SecretDestination.terraformOutput}
   * and `ageRecipients`, each of which opens it with `age -d -i identity.txt`.
   *
   * @throws Error without recipients, and with any other destination
   */
  get sealedSecretAccessKey(): string {
    if (this.#destination.route !== 'terraform_output') throw this.#elsewhere('sealedSecretAccessKey');
    if (!this.#isSealed) {
      throw new Error(
        `[${this.node.path}] sealedSecretAccessKey was asked for, but this access key's secret is not sealed for ` +
          `anybody. Choose SecretDestination.terraformOutput({ ageRecipients: ['age1…'] }).`,
      );
    }
    return this.resource.getStringAttribute('sealed_secret_access_key');
  }

  /**
   * An output of the stack with the secret, marked as sensitive, under exactly this name; sealed where the key has age
   * recipients, and then open to see. It is this key's child.
   *
   * @throws Error as {@link secretAccessKey} does
   */
  secretOutput(name: string): TerraformOutput {
    return new TerraformOutput(this, name, {
      value: this.#isSealed ? this.sealedSecretAccessKey : this.secretAccessKey,
      sensitive: !this.#isSealed,
      staticId: true,
    });
  }

  /**
   * Takes over the key of a `LightsailBucketAccessKey` of `@cdktf/provider-aws` that stood in this stack until now: no
   * key is lost and nothing is replaced. Its secret is not taken over, so the next deployment makes a new key and
   * delivers it as `secret` says; the old one stays valid for the overlap of `rotation`.
   *
   * Remove the old construct in the same change; the call can go once it was deployed. State files from before, and
   * their backups, still hold the old secret: that is why the key has to be rotated.
   *
   * @param address what Terraform calls the old resource, as `terraform state list` prints it; or only its name
   *
   * @example
   * const key = new BucketAccessKey(this, 'uploads', {
   *   bucketName: bucket.name,
   *   secret: SecretDestination.ssmParameter({ name: '/ci/uploads' }),
   * });
   * key.moveFromAwsProvider('aws_lightsail_bucket_access_key.uploads-key');
   *
   * @throws Error where the address is of another type, or the key is moved from elsewhere already
   * @see https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
   */
  moveFromAwsProvider(address: string): void {
    this.resource.moveFromId(addressOfAwsKey(address, this.node.path));
  }

  get #isSealed(): boolean {
    return this.#destination.arguments.age_recipients !== undefined;
  }

  #elsewhere(asked: string): Error {
    return new Error(
      `[${this.node.path}] ${asked} was asked for, but this access key's secret goes elsewhere ` +
        `(${this.#destination.route}), so Terraform never holds it. Let the consumer read it there, with the help of ` +
        `secretReference; or choose SecretDestination.terraformOutput(), which puts the secret into Terraform's state.`,
    );
  }

  /** The resource's address, so that a key can stand in another's `dependsOn`. */
  get fqn(): string {
    return this.resource.fqn;
  }
}

function withDependencies(
  meta: TerraformMetaArguments,
  more: readonly ITerraformDependable[] = [],
): TerraformMetaArguments {
  return more.length === 0 ? meta : { ...meta, dependsOn: [...(meta.dependsOn ?? []), ...more] };
}
