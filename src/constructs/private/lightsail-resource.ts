import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { type Arguments, definedArguments, hclArguments } from './arguments.js';
import { ensureProvider } from './default-provider.js';
import { hclLifecycle } from './hcl-lifecycle.js';
import { PROVIDER_TYPE } from './provider-arguments.js';

/** A resource of this package's provider. */
export class LightsailResource extends TerraformResource {
  readonly #arguments: Arguments;

  constructor(scope: Construct, id: string, type: string, args: Arguments, meta: TerraformMetaArguments) {
    super(scope, id, {
      terraformResourceType: type,
      terraformGeneratorMetadata: { providerName: PROVIDER_TYPE },
      ...meta,
    });
    this.#arguments = args;
    ensureProvider(this);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return definedArguments(this.#arguments);
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    const { lifecycle } = this.terraformMetaArguments as { readonly lifecycle?: unknown };
    return { ...hclArguments(this.#arguments), ...hclLifecycle(lifecycle) };
  }
}
