import { FORMATS } from '../../../../src/contract/limits.js';
import { filled, oneOf, optional, shape } from '../../../../src/constructs/private/rules.js';

export interface ToyDestinationProps {
  readonly shelf: string;
  readonly format?: string;
}

/** What the table of the constructs' destinations would have of it. */
export const TOY = shape<ToyDestinationProps>({
  shelf: filled('Give the name of a shelf'),
  format: optional(oneOf(FORMATS)),
});
