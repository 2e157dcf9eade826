import type { Diagnostic } from '../diagnostics.js';
import type { Redact } from '../log.js';
import type { Path } from '../provider.js';
import { SEVERITY } from '../wire/common.js';

export function diagnosticMessages(diagnostics: readonly Diagnostic[], redact: Redact) {
  return diagnostics.map((diagnostic) => ({
    severity: SEVERITY[diagnostic.severity],
    summary: redact(diagnostic.summary),
    detail: redact(diagnostic.detail),
    ...(diagnostic.path && { attribute: pathMessage(diagnostic.path) }),
  }));
}

export function pathMessage(path: Path) {
  return {
    steps: path.map((step) => {
      if (typeof step === 'string') return { attributeName: step };
      return typeof step === 'number' ? { elementKeyInt: step } : { elementKeyString: step.key };
    }),
  };
}
