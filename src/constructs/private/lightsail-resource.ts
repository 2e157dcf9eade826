import {
  Fn,
  type IResolvable,
  ref,
  type TerraformMetaArguments,
  TerraformResource,
  type TerraformStack,
  Token,
} from 'cdktf';
import type { Construct } from 'constructs';
import { PROVIDER_TYPE } from '../../contract/names.js';
import { type Arguments, definedArguments, hclArguments, hclLifecycle } from './arguments.js';
import { ensureProvider } from './default-provider.js';

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

/**
 * An expression of Terraform's that is an empty string where it would be null. A null output fails the framework's
 * command, and another stack finds no output at all; `coalesce` takes an empty string for nothing.
 *
 * `parent`: the object that it is an attribute of, where that may be null, too. One reference, so that another stack refers to the whole of it and not to what may be null.
 */
export function orEmpty(expression: string, stack: TerraformStack, parent?: string): IResolvable {
  const whole = `(${expression} == null ? "" : ${expression})`;
  return ref(parent === undefined ? whole : `(${parent} == null ? "" : ${whole})`, stack);
}

/** The same the other way round, for an argument for which nothing is null. */
export function orNull(given: string): string {
  return Token.asString(Fn.one(Fn.compact([given])));
}
