import { type TerraformEphemeralMetaArguments, TerraformEphemeralResource } from 'cdktn';
import type { Construct } from 'constructs';
import { BucketAccessKey } from '../constructs/bucket-access-key.js';
import { definedArguments, hclArguments, hclLifecycle } from '../constructs/private/arguments.js';
import { ensureProvider } from '../constructs/private/default-provider.js';
import { enter } from '../constructs/private/entrance.js';
import { META } from '../constructs/private/meta-rules.js';
import { made, type Problems, shape } from '../constructs/private/rules.js';
import { PROVIDER_TYPE, TYPES } from '../contract/names.js';
import { checkReadable, providerBeside, whereThePairIs } from './readable-pair.js';

/** Arguments of {@link EphemeralLightsailBucketAccessKeySecret}. */
export interface EphemeralLightsailBucketAccessKeySecretConfig extends TerraformEphemeralMetaArguments {
  /**
   * The key whose delivered pair is read. Its secret is in a file without `ageRecipients`, in Secrets Manager, in
   * Parameter Store or in Vault.
   */
  readonly key: BucketAccessKey;
}

/** Not all that a resource takes. */
const { dependsOn, provider, count, forEach, lifecycle } = META;
const EPHEMERAL_META = { dependsOn, provider, count, forEach, lifecycle };

const CONFIG = shape<
  Omit<EphemeralLightsailBucketAccessKeySecretConfig, keyof TerraformEphemeralMetaArguments>
>({
  ...EPHEMERAL_META,
  key: made((given) => given instanceof BucketAccessKey, 'Give a BucketAccessKey'),
});

/** With the provider that looks after the key, unless another is given. */
function metaOf(
  scope: Construct,
  { key, ...meta }: EphemeralLightsailBucketAccessKeySecretConfig,
): TerraformEphemeralMetaArguments {
  const provider = meta.provider ?? providerBeside(scope, key);
  return { ...meta, ...(provider && { provider }) };
}

/**
 * Reads the pair that a {@link BucketAccessKey} has delivered, for provider blocks and write-only arguments: it is in no
 * state, no plan and no log. It makes, changes and deletes no key. Whoever runs Terraform needs the right to read the
 * live secret, which making keys does not take.
 *
 * Terraform reads it when the key is there: while the key is made, rotated or repaired, at the apply, otherwise at each
 * plan. The key's provider reads it, unless another `provider` is given.
 *
 * Ephemeral resources need Terraform 1.10 or OpenTofu 1.11. CDK Terrain wants to know that nothing older is meant, by
 * `"targetVersions": { "terraform": ">=1.10.0" }` in `cdktf.json`; without it the synthesis fails, and says so.
 *
 * @throws Error with its path and everything that is wrong with `config`
 *
 * @see https://developer.hashicorp.com/terraform/language/block/ephemeral
 *
 * @example
 * const pair = new EphemeralLightsailBucketAccessKeySecret(this, 'pair', { key });
 * new AwsProvider(this, 'as-uploader', {
 *   alias: 'uploader',
 *   accessKey: pair.accessKeyId,
 *   secretKey: pair.secretAccessKey,
 *   skipCredentialsValidation: true,
 *   skipRequestingAccountId: true,
 * });
 */
export class EphemeralLightsailBucketAccessKeySecret extends TerraformEphemeralResource {
  /** The ephemeral resource's type in Terraform. */
  static readonly tfResourceType = TYPES.secret;

  readonly #key: BucketAccessKey;
  #isAsking = false;

  constructor(scope: Construct, id: string, config: EphemeralLightsailBucketAccessKeySecretConfig) {
    super(enter(scope, id, CONFIG, config), id, {
      terraformResourceType: EphemeralLightsailBucketAccessKeySecret.tfResourceType,
      terraformGeneratorMetadata: { providerName: PROVIDER_TYPE },
      ...metaOf(scope, config),
    });
    this.#key = config.key;
    this.node.addValidation({ validate: () => [...checkReadable(this.#key), ...this.#targetProblems()] });
    ensureProvider(this);
  }

  /** The key's ID: no secret. A token that only ephemeral places take, as the next one. */
  get accessKeyId(): string {
    return this.getStringAttribute('access_key_id');
  }

  /** The secret. */
  get secretAccessKey(): string {
    return this.getStringAttribute('secret_access_key');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return definedArguments({ secret: whereThePairIs(this, this.#key) });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return { ...hclArguments({ secret: whereThePairIs(this, this.#key) }), ...hclLifecycle(this.lifecycle) };
  }

  /** CDK Terrain says which versions it lacks, and not where they are declared. */
  #targetProblems(): Problems {
    if (this.#isAsking) return [];
    this.#isAsking = true;
    const isRefused = this.node
      .validate()
      .some((problem) => problem.startsWith('ephemeral resources requires'));
    this.#isAsking = false;
    return isRefused
      ? [
          'The pair of an access key is read by an ephemeral resource. Declare what runs this stack in cdktf.json, as ' +
            '"targetVersions": { "terraform": ">=1.10.0" }, or { "opentofu": ">=1.11.0" } for OpenTofu.',
        ]
      : [];
  }
}
