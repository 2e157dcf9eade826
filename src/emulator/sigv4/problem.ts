export type ProblemKind =
  | 'missing'
  | 'incomplete'
  | 'wrong-date'
  | 'wrong-region'
  | 'wrong-service'
  | 'unknown-key'
  | 'wrong-token'
  | 'skewed'
  | 'expired'
  | 'unsigned-header'
  | 'mismatch';

/** Why a signature does not hold. Each service has its own error for each kind. */
export class SignatureProblem extends Error {
  constructor(
    readonly kind: ProblemKind,
    message: string,
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'SignatureProblem';
  }
}
