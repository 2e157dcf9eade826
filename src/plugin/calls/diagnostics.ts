import type { Diagnostic } from '../diagnostics.js';
import type { Redact } from '../log.js';
import type { Path } from '../provider.js';
import { SEVERITY } from '../wire/common.js';

export function diagnosticMessages(diagnostics: readonly Diagnostic[], redact: Redact) {
  return diagnostics.map((diagnostic) => ({
    severity: SEVERITY[diagnostic.severity],
    summary: redact(diagnostic.summary),
    detail: redact(diagnostic.detail),
    ...(diagnostic.path && { attribute: pathMessage(locatable(diagnostic.path)) }),
  }));
}

/**
 * The part of a path for which Terraform finds the source line: an attribute, or one element of it.
 * Given a deeper path, it would show the head of the whole block instead.
 */
function locatable(path: Path): Path {
  return path.slice(0, typeof path[1] === 'string' ? 1 : 2);
}

export function pathMessage(path: Path) {
  return {
    steps: path.map((step) => {
      if (typeof step === 'string') return { attributeName: step };
      return typeof step === 'number' ? { elementKeyInt: step } : { elementKeyString: step.key };
    }),
  };
}
