import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { type Arguments, definedArguments, hclArguments } from './arguments.js';
import { ensureProvider } from './default-provider.js';
import { KEY_TYPE } from './declared-key.js';
import { PROVIDER_TYPE } from './provider-arguments.js';

/** Terraform's `lightsail_bucket_access_key`. */
export class AccessKeyResource extends TerraformResource {
  readonly #arguments: Arguments;

  constructor(scope: Construct, id: string, args: Arguments, meta: TerraformMetaArguments) {
    super(scope, id, {
      terraformResourceType: KEY_TYPE,
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
    return hclArguments(this.#arguments);
  }
}
