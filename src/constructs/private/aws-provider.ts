import { type TerraformProvider, type TerraformStack, Token } from 'cdktf';
import type { Arguments } from './arguments.js';
import { AWS_ENDPOINTS } from './provider-rules.js';

/** By its source, so that @cdktf/provider-aws need not be installed, and a generated binding is found as well. */
const AWS_SOURCES = /^((registry\.terraform\.io|registry\.opentofu\.org)\/)?(hashicorp\/)?aws$/;

/**
 * The stack's AWS provider: the one without an alias, which resources use by default, or the only one there is.
 * Undefined when there is none, or when several with aliases leave the choice to the author.
 */
export function tryFindAwsProvider(stack: TerraformStack): TerraformProvider | undefined {
  const all = stack
    .allProviders()
    .filter(
      ({ terraformResourceType, terraformProviderSource }) =>
        terraformResourceType === 'aws' && AWS_SOURCES.test(terraformProviderSource ?? 'aws'),
    );
  return all.find(({ alias }) => alias === undefined) ?? (all.length === 1 ? all[0] : undefined);
}

/** The Region and the endpoints of an AWS provider as it will be synthesized, overrides included. */
export function inheritedArguments(aws: TerraformProvider): Arguments {
  const { region, endpoints } = synthesizedArguments(aws);
  return { region, endpoints: isBlocks(endpoints) ? knownEndpoints(endpoints) : undefined };
}

/** A set of endpoints that Terraform computes cannot be taken over: there is nothing to copy from. */
export function inheritanceProblems(aws: TerraformProvider): string[] {
  const { endpoints } = synthesizedArguments(aws);
  if (endpoints === undefined || isBlocks(endpoints)) return [];
  return [
    `The endpoints of the AWS provider ${aws.node.path} are a token, which cannot be taken over for Lightsail: ` +
      `access keys would be made at AWS's own endpoints instead. Declare a LightsailProvider with its endpoints in this stack.`,
  ];
}

interface AwsArguments {
  readonly region?: string;
  readonly endpoints?: unknown;
  readonly [name: string]: unknown;
}

/** All arguments of a provider, AWS's or ours, by their Terraform names, overrides included. */
export function synthesizedArguments(one: TerraformProvider): AwsArguments {
  const { provider } = one.toTerraform() as {
    // CDKTF moves blocks that are made by an iterator into `dynamic`.
    provider: Record<string, [AwsArguments & { readonly dynamic?: AwsArguments }]>;
  };
  const [{ dynamic, ...others }] = provider[one.terraformResourceType] ?? [{}];
  return { ...dynamic, ...definedOnly(others) };
}

function definedOnly(values: AwsArguments): AwsArguments {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

type EndpointsBlock = Readonly<Record<string, string | undefined>>;

/** The AWS provider takes endpoints as any number of blocks. */
function isBlocks(endpoints: unknown): endpoints is readonly EndpointsBlock[] {
  return (
    Array.isArray(endpoints) &&
    endpoints.every((block) => typeof block === 'object' && !Token.isUnresolved(block))
  );
}

function knownEndpoints(blocks: readonly EndpointsBlock[]): Arguments | undefined {
  const known: Record<string, string> = {};
  for (const block of blocks) {
    for (const service of AWS_ENDPOINTS) {
      const url = block[service];
      if (url !== undefined) known[service] = url;
    }
  }
  return Object.keys(known).length > 0 ? known : undefined;
}
