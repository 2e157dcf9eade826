import { App, Testing, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/** A stack with what the test puts into it. */
export function stackWith(fill: (stack: TerraformStack) => void): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'stack');
  fill(stack);
  return stack;
}

export type Block = Readonly<Record<string, unknown>>;

/** A synthesized stack, as far as the tests look into it. */
export interface Synthesized {
  readonly terraform: { readonly required_providers: Readonly<Record<string, Block>> };
  readonly provider: Readonly<Record<string, readonly Block[]>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly output: Readonly<Record<string, Block>>;
  readonly moved: readonly Block[];
  readonly import: readonly Block[];
}

/** Synthesizes as a whole, validations included. */
export function synthesize(fill: (stack: TerraformStack) => void): Synthesized {
  return JSON.parse(Testing.synth(stackWith(fill), true)) as Synthesized;
}

/** The only block of a kind: `only(synthesized.resource.lightsail_bucket_access_key)`. */
export function only(blocks: Readonly<Record<string, Block>> | undefined): Block {
  const [block, ...others] = Object.values(blocks ?? {});
  if (block === undefined || others.length > 0) throw new Error(`Not one block: ${JSON.stringify(blocks)}`);
  return block;
}

/** The folder of a stack within an output folder. */
export function stackFolder(outdir: string, stack: Construct): string {
  return `${outdir}/stacks/${stack.node.id}`;
}

/** An app that writes into a folder of the test's. */
export function appIn(outdir: string): App {
  return new App({ outdir, stackTraces: false });
}
