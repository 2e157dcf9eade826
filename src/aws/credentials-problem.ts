import { NoAnswer } from './no-answer.js';

/** There are no credentials, so nothing was sent: why, and what helps. */
export class CredentialsProblem extends NoAnswer {
  constructor(
    readonly what: string,
    readonly remedy: string,
  ) {
    super(`There are no AWS credentials: ${what} No key was changed. ${remedy}`);
  }
}
