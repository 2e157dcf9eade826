import {
  Annotations,
  Aspects,
  type IAspect,
  TerraformElement,
  TerraformProvider,
  type TerraformResource,
  TerraformStack,
} from 'cdktf';
import type { IConstruct } from 'constructs';
import { PROVIDER_TYPE } from '../../contract/names.js';
import { LightsailProvider } from '../lightsail-provider.js';
import type { Arguments } from './arguments.js';
import {
  inheritanceProblems,
  inheritedArguments,
  synthesizedArguments,
  tryFindAwsProvider,
} from './aws-provider.js';

/**
 * Sees to it that the stack of an access key has a provider for it. Only synthesis can tell whether the author
 * declares one, perhaps after the key, so an aspect looks then; it runs for `Testing.synth` as well.
 */
export function ensureProvider(construct: IConstruct): void {
  const stack = TerraformStack.of(construct);
  const aspects = Aspects.of(stack);
  if (!aspects.all.some((aspect) => aspect instanceof ProviderByDefault)) {
    aspects.add(new ProviderByDefault(stack));
  }
}

class ProviderByDefault implements IAspect {
  constructor(private readonly stack: TerraformStack) {}

  visit(node: IConstruct): void {
    const { stack } = this;
    if (node === stack && needsDefault(stack))
      new DefaultLightsailProvider(stack, 'DefaultLightsailProvider');
  }
}

/** Something of ours names no provider, and there is none that it would get by default. */
function needsDefault(stack: TerraformStack): boolean {
  const declared = stack
    .allProviders()
    .filter(({ terraformResourceType }) => terraformResourceType === PROVIDER_TYPE);
  return !declared.some(({ alias }) => alias === undefined) && stack.node.findAll().some(usesDefault);
}

function usesDefault(node: IConstruct): boolean {
  if (!TerraformElement.isTerraformElement(node) || TerraformProvider.isTerraformProvider(node)) return false;
  // A resource or a data source; in one of the two frameworks also an ephemeral resource.
  const { terraformGeneratorMetadata, provider } = node as Partial<TerraformResource>;
  return terraformGeneratorMetadata?.providerName === PROVIDER_TYPE && provider === undefined;
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

/** What decides on whose behalf a provider calls AWS: by Terraform's name, as the constructs call it. */
const CREDENTIALS = {
  profile: 'profile',
  access_key: 'accessKey',
  secret_key: 'secretKey',
  token: 'token',
  shared_config_files: 'sharedConfigFiles',
  shared_credentials_files: 'sharedCredentialsFiles',
  assume_role: 'assumeRole',
} as const;

/** The AWS provider has this one, ours has not: it takes the environment's instead. */
const WEB_IDENTITY = 'assume_role_with_web_identity';

/**
 * Warns of an AWS provider whose credentials the stack's default provider does not take over: it may work in another
 * account. They are not copied, since the AWS provider's may be for other calls than those on access keys.
 */
function warnOfCredentials(stack: TerraformStack, aws: TerraformProvider): void {
  const args = synthesizedArguments(aws);
  const ignored = Object.entries(CREDENTIALS).flatMap(([name, called]) =>
    isSet(args[name]) ? [called] : [],
  );
  const webIdentity = isSet(args[WEB_IDENTITY]);
  if (ignored.length === 0 && !webIdentity) return;
  const names = [...ignored, ...(webIdentity ? ['assumeRoleWithWebIdentity'] : [])].join(', ');
  const remedies = [
    ...(ignored.length > 0
      ? [`Declare a LightsailProvider with the same ${ignored.join(', ')} in this stack.`]
      : []),
    ...(webIdentity
      ? [
          'For the web identity declare a LightsailProvider, and set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE ' +
            'in the environment of Terraform, or name a profile that has them.',
        ]
      : []),
  ];
  Annotations.of(stack).addWarning(
    `The AWS provider ${aws.node.path} sets ${names}, which the default provider of this stack's access keys ` +
      `(${PROVIDER_TYPE}) does not take over, only the Region and the endpoints. It calls AWS with the credentials of ` +
      `its environment, so the keys may be made in another account, or refused. ${remedies.join(' ')}`,
  );
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
