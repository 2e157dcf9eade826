import { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import type { LightsailProviderConfig } from './lightsail-provider-config.js';
import { type Arguments, definedArguments, hclArguments } from './private/arguments.js';
import { PROVIDER_TYPE, providerArguments, providerProblems } from './private/provider-arguments.js';
import { providerPackage } from './private/provider-package.js';
import { placeProviderAtSynthesis } from './private/synthesis.js';

/**
 * The Terraform provider of this package, configured for a stack.
 *
 * A stack that declares none gets one by itself, with the Region and the endpoints of the stack's `AwsProvider`
 * where there is one. It does not get its credentials (`profile`, `assumeRole`, …): synthesis warns of them, and they
 * have to be declared here as well. Synthesis puts the provider's files into the stack's folder, where `terraform init` finds
 * them.
 *
 * Declare one and keep it when the last access key leaves a stack: Terraform needs the provider once more, to
 * delete that key.
 *
 * @example
 * new LightsailProvider(this, 'lightsail', {
 *   region: 'eu-central-1',
 *   assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/keys' },
 * });
 */
export class LightsailProvider extends TerraformProvider {
  /** The provider's name in Terraform. */
  static readonly tfResourceType = PROVIDER_TYPE;

  readonly #config: LightsailProviderConfig;

  /**
   * A value that cannot be right fails the synthesis: an endpoint that is no URL, a number out of its range.
   */
  constructor(scope: Construct, id: string, config: LightsailProviderConfig = {}) {
    const { source, version } = providerPackage();
    super(scope, id, {
      terraformResourceType: PROVIDER_TYPE,
      terraformGeneratorMetadata: { providerName: PROVIDER_TYPE, providerVersion: version },
      terraformProviderSource: source,
    });
    this.#config = config;
    this.node.addValidation({ validate: () => [...providerProblems(config)] });
    placeProviderAtSynthesis(this);
  }

  /** The name that tells this one from the stack's others; undefined for the one that constructs use by default. */
  override get alias(): string | undefined {
    return this.#config.alias;
  }

  /** The arguments by their Terraform names, read when the stack is synthesized. */
  protected arguments(): Arguments {
    return providerArguments(this.#config);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return definedArguments(this.arguments());
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclArguments(this.arguments());
  }
}
