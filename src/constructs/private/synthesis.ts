import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, type ISynthesisSession, TerraformStack, Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import { PROVIDER_TYPE } from '../../contract/names.js';
import { synthesizedArguments } from './aws-provider.js';
import { CLI_CONFIGURATION, cliProblems, PLUGINS } from './cli-configuration.js';
import { lockProvider } from './lock-file.js';
import {
  placeProvider,
  providerPackage,
  type ProviderPackage,
  removeOtherVersions,
} from './provider-package.js';

/** CDKTF calls `onSynthesize` of the object that a construct holds under this symbol. */
const CUSTOM_SYNTHESIS = Symbol.for('cdktf/customSynthesis');

/**
 * Stays when the stack's last key has left it, and the provider with the key: the apply that deletes the key needs it
 * once more, in this version, in that Region and at those endpoints. Terraform merges an override file into what the
 * stack says itself.
 */
const KEPT = 'lightsail-provider_override.tf.json';

/** Makes a construct put the provider into its stack's folder at synthesis, where `terraform init` finds it. */
export function placeProviderAtSynthesis(construct: IConstruct): void {
  Object.defineProperty(construct, CUSTOM_SYNTHESIS, {
    value: {
      onSynthesize: (session: ISynthesisSession) => {
        const stack = TerraformStack.of(construct);
        const folder = join(session.outdir, session.manifest.forStack(stack).workingDirectory);
        mkdirSync(folder, { recursive: true });
        const provider = providerPackage();
        const versionFolder = placeProvider(join(folder, PLUGINS), provider);
        removeOtherVersions(versionFolder, provider);
        lockProvider(stack, folder, provider);
        write(join(folder, KEPT), kept(stack, provider));
        write(join(folder, 'terraform.rc'), CLI_CONFIGURATION);
        for (const problem of cliProblems(folder, provider)) warnOnce(stack, problem);
      },
    },
  });
}

/** A stack may have several providers of ours. */
function warnOnce(stack: TerraformStack, problem: string): void {
  if (!stack.node.metadata.some(({ data }) => data === problem)) Annotations.of(stack).addWarning(problem);
}

function kept(stack: TerraformStack, { source, version }: ProviderPackage): string {
  const place = knownPlace(stack);
  const blocks = {
    terraform: { required_providers: { lightsail: { source, version } } },
    ...(Object.keys(place).length > 0 && { provider: { [PROVIDER_TYPE]: place } }),
  };
  return `${JSON.stringify(blocks, undefined, 2)}\n`;
}

/** Region and endpoints of the stack's provider without an alias, as far as synthesis knows them; never credentials. */
function knownPlace(stack: TerraformStack): Readonly<Record<string, unknown>> {
  const ours = stack
    .allProviders()
    .find(
      ({ terraformResourceType, alias }) => terraformResourceType === PROVIDER_TYPE && alias === undefined,
    );
  if (!ours) return {};
  const { region, endpoints } = synthesizedArguments(ours);
  return Object.fromEntries(Object.entries({ region, endpoints }).filter(([, value]) => isKnown(value)));
}

/** An expression may name what has left the stack with the key, and a URL may hold a password. */
function isKnown(value: unknown): boolean {
  if (typeof value === 'string') return !/[$%]\{|\/\/[^/]*@/.test(value);
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value)) return false;
  return Object.values(value).every((member) => member === undefined || isKnown(member));
}

function write(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
