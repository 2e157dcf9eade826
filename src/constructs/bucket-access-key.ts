import { type ITerraformDependable, TerraformOutput, Token } from 'cdktf';
import { Construct } from 'constructs';
import type { BucketAccessKeyProps } from './bucket-access-key-props.js';
import { LightsailBucketAccessKey } from './lightsail-bucket-access-key.js';
import { checkKeysOfBucket, checkSharedDestination } from './private/declared-keys.js';
import type { BoundDestination } from './private/destination.js';
import { assertArgument, enter } from './private/entrance.js';
import { BUCKET_ACCESS_KEY } from './private/key-rules.js';
import { checkOutputNames, checkSensitiveOutputs } from './private/outputs.js';
import { filled, matching } from './private/rules.js';
import { readStatements, secretArn, type SecretReadStatement } from './private/secret-arn.js';

/**
 * An access key of an Amazon Lightsail bucket, whose secret goes where `secret` says and nowhere else.
 *
 * A bucket holds at most two keys, and a destination the secret of one: a stack with more fails the synthesis, naming this
 * construct's path. What is null in Terraform, such as the ID of a previous key where there is none, is an empty string.
 *
 * @throws Error with its path, and everything that is wrong with `props`: each prop's name, what was given, and what it
 * takes. Tokens are checked by Terraform, when they are known
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
  readonly resource: LightsailBucketAccessKey;

  readonly #destination: BoundDestination;

  constructor(scope: Construct, id: string, props: BucketAccessKeyProps) {
    super(enter(scope, id, BUCKET_ACCESS_KEY, props), id);
    const { secret, dependsOn = [], ...others } = props;
    this.#destination = secret.bind(this);
    const dependencies = [...dependsOn, ...(this.#destination.dependsOn ?? [])];
    this.resource = new LightsailBucketAccessKey(this, 'Resource', {
      ...others,
      secret: this.#destination.secret,
      ...(dependencies.length > 0 && { dependsOn: dependencies }),
    });
    this.node.addValidation({
      validate: () => [
        ...checkSensitiveOutputs(this.resource),
        ...checkOutputNames(this),
        ...checkSharedDestination(this.resource),
        ...checkKeysOfBucket(this.resource),
      ],
    });
  }

  /** The key's ID, such as `AKIA…`: no secret. A token, known after the key was created. */
  get accessKeyId(): string {
    return this.resource.accessKeyId;
  }

  /** The ID of the key before, while it is still valid beside the current one; otherwise empty. A token. */
  get previousAccessKeyId(): string {
    return this.resource.previousAccessKeyId;
  }

  /**
   * When the previous key's overlap ends, in RFC 3339: the first apply after that retires it; otherwise empty. A
   * token.
   */
  get retirePreviousAfter(): string {
    return this.resource.retirePreviousAfter;
  }

  /** When the current key is due by its age, in RFC 3339; empty without `rotation.afterDays`. A token. */
  get rotationDueAt(): string {
    return this.resource.rotationDueAt;
  }

  /** `Active` or `Inactive`, as Lightsail says. A token. */
  get status(): string {
    return this.resource.status;
  }

  /** When Lightsail created the key, in RFC 3339. A token. */
  get createdAt(): string {
    return this.resource.createdAt;
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
    return this.resource.secretReference;
  }

  /**
   * The ARN of what holds the secret, for IAM policies and calls: in Secrets Manager the secret's, without a version; in
   * Parameter Store the parameter's. A token.
   *
   * A parameter's ARN takes the account from the stack's `AwsProvider`, and the Region from the `LightsailProvider` or
   * from there, unless `name` is an ARN itself.
   *
   * @throws Error with a destination that has no ARN, and for a parameter in a stack without an `AwsProvider`; at
   * synthesis, where the `AwsProvider` has a region and a `LightsailProvider` takes that of the environment
   */
  get secretArn(): string {
    return secretArn(this);
  }

  /**
   * What a reader of the secret needs, as statements of the AWS provider's `DataAwsIamPolicyDocument`: to get
   * the value, and to decrypt it where a KMS key of yours encrypts it (and then this secret alone).
   *
   * @param kmsKeyId the KMS key of a secret that exists, by ID, ARN or alias. Default: the one that the destination has
   * @throws Error as {@link secretArn} does
   *
   * @example
   * const document = new DataAwsIamPolicyDocument(this, 'read', { statement: key.readStatements() });
   * new IamRolePolicy(this, 'uploader-reads', { role: role.name, policy: document.json });
   */
  readStatements(kmsKeyId?: string): SecretReadStatement[] {
    if (kmsKeyId !== undefined) assertArgument(this, 'kmsKeyId', kmsKeyId, KMS_KEY);
    return readStatements(this, kmsKeyId);
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
    return this.resource.secretAccessKey;
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
    return this.resource.sealedSecretAccessKey;
  }

  /**
   * An output of the stack with the secret, marked as sensitive, under exactly this name; sealed where the key has age
   * recipients, and then open to see. It is this key's child.
   *
   * Another output of that name in the stack fails the synthesis: one of them would be lost.
   *
   * @throws Error as {@link secretAccessKey} does, and where the name is none that Terraform takes
   */
  secretOutput(name: string): TerraformOutput {
    assertArgument(this, 'name', name, OUTPUT_NAME);
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
    assertArgument(this, 'address', address, ADDRESS);
    this.resource.moveFromId(addressOfAwsKey(address, this.node.path));
  }

  /**
   * Read by the construct that reads the pair back.
   *
   * @internal
   */
  get destination(): BoundDestination {
    return this.#destination;
  }

  get #isSealed(): boolean {
    return this.#destination.arguments.age_recipients !== undefined;
  }

  #elsewhere(asked: string): Error {
    return new Error(
      `[${this.node.path}] ${asked} was asked for, but this access key's secret has another destination ` +
        `(${this.#destination.route}), so Terraform never holds it. Let the consumer read it there, with the help of ` +
        `secretReference; or choose SecretDestination.terraformOutput(), which puts the secret into Terraform's state.`,
    );
  }

  /** The resource's address, so that a key can stand in another's `dependsOn`. */
  get fqn(): string {
    return this.resource.fqn;
  }
}

const OUTPUT_NAME = matching(/^[A-Za-z_][\w-]*$/, 'Give letters, digits, _ and -, a letter first');
const ADDRESS = filled(
  'Give what terraform state list prints, such as aws_lightsail_bucket_access_key.uploads',
);
const KMS_KEY = filled('Give the ID, ARN or alias of a KMS key');

const AWS_TYPE = 'aws_lightsail_bucket_access_key';
/** With the index of `count` or the key of `for_each`, where there is one. */
const AWS_ADDRESS = /^(?:([\w-]+)\.)?([A-Za-z_][\w-]*(?:\[(?:\d+|"[^"]*")\])?)$/;

/** The address of an access key of the AWS provider, in full. */
function addressOfAwsKey(address: string, path: string): string {
  const [, type = AWS_TYPE, name] = AWS_ADDRESS.exec(Token.isUnresolved(address) ? '' : address) ?? [];
  if (name !== undefined && type === AWS_TYPE) return `${AWS_TYPE}.${name}`;
  throw new Error(
    `[${path}] "${address}" is not the address of an access key of the AWS provider, so no key can be taken over from ` +
      `there. Give what terraform state list prints for it, such as ${AWS_TYPE}.uploads; a key that is in no state is ` +
      `imported with resource.importFrom('BUCKET,ACCESSKEYID').`,
  );
}
