import {
  Aspects,
  type TerraformDataSource,
  TerraformDataSource as DataSource,
  type TerraformResource,
  TerraformResource as Resource,
  TerraformStack,
} from 'cdktf';
import type { IConstruct } from 'constructs';
import { LightsailProvider } from '../lightsail-provider.js';
import type { Arguments } from './arguments.js';
import { inheritanceProblems, inheritedArguments, tryFindAwsProvider } from './aws-provider.js';
import { warnOfCredentials } from './credentials-warning.js';
import { PROVIDER_TYPE } from './provider-arguments.js';

const prepared = new WeakSet<TerraformStack>();

/**
 * Sees to it that the stack of an access key has a provider for it. Only synthesis can tell whether the author
 * declares one, perhaps after the key, so an aspect looks then; it runs for `Testing.synth` as well.
 */
export function ensureProvider(construct: IConstruct): void {
  const stack = TerraformStack.of(construct);
  if (prepared.has(stack)) return;
  prepared.add(stack);
  Aspects.of(stack).add({
    visit: (node) => {
      if (node === stack && needsDefault(stack))
        new DefaultLightsailProvider(stack, 'DefaultLightsailProvider');
    },
  });
}

/** Something of ours names no provider, and there is none that it would get by default. */
function needsDefault(stack: TerraformStack): boolean {
  const declared = stack
    .allProviders()
    .filter(({ terraformResourceType }) => terraformResourceType === PROVIDER_TYPE);
  return !declared.some(({ alias }) => alias === undefined) && stack.node.findAll().some(usesDefault);
}

function usesDefault(node: IConstruct): boolean {
  return (
    (Resource.isTerraformResource(node) || DataSource.isTerraformDataSource(node)) &&
    isOurs(node) &&
    node.provider === undefined
  );
}

function isOurs({ terraformGeneratorMetadata }: TerraformResource | TerraformDataSource): boolean {
  return terraformGeneratorMetadata?.providerName === PROVIDER_TYPE;
}

/** What a stack gets that declares no provider of its own. */
class DefaultLightsailProvider extends LightsailProvider {
  constructor(stack: TerraformStack, id: string) {
    super(stack, id);
    const found = tryFindAwsProvider(stack);
    if (found) warnOfCredentials(stack, found);
    this.node.addValidation({
      validate: () => {
        const aws = tryFindAwsProvider(stack);
        return aws ? inheritanceProblems(aws) : [];
      },
    });
  }

  protected override arguments(): Arguments {
    const aws = tryFindAwsProvider(this.cdktfStack);
    return aws ? inheritedArguments(aws) : {};
  }
}
