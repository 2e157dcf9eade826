import type { Diagnostic } from '../diagnostics.js';
import type { Redact } from '../log.js';
import type { Path } from '../provider.js';
import type { Block } from '../schema.js';
import { SEVERITY } from '../wire/common.js';

/** `block` is what the paths of the diagnostics begin in. */
export function diagnosticMessages(
  diagnostics: readonly Diagnostic[],
  redact: Redact,
  block: Block | undefined,
) {
  return diagnostics.map((diagnostic) => ({
    severity: SEVERITY[diagnostic.severity],
    summary: redact(diagnostic.summary),
    detail: redact(diagnostic.detail),
    ...(diagnostic.path && { attribute: pathMessage(locatable(diagnostic.path, block)) }),
  }));
}

/**
 * The path for which Terraform finds the source line: it goes down through blocks to an attribute or to one element of
 * it; given a deeper one, it would show the head of the whole block instead. For a block it shows the line where an
 * attribute of it is missing, which is the block's own, so a path that ends at a block goes one step further.
 */
function locatable(path: Path, outer: Block | undefined): Path {
  let block = outer;
  for (const [depth, step] of path.entries()) {
    block = typeof step === 'string' ? block?.blocks?.[step] : undefined;
    if (!block) return path.slice(0, typeof path[depth + 1] === 'string' ? depth + 1 : depth + 2);
  }
  return path.length === 0 ? path : [...path, NO_ATTRIBUTE];
}

/** The name of no attribute. */
const NO_ATTRIBUTE = '';

export function pathMessage(path: Path) {
  return {
    steps: path.map((step) => {
      if (typeof step === 'string') return { attributeName: step };
      return typeof step === 'number' ? { elementKeyInt: step } : { elementKeyString: step.key };
    }),
  };
}
