import { DestinationError } from '../../lifecycle/destination.js';
import { failureOf } from '../../program/failure.js';

/** Null for exit status 0. */
export function refusalOf(...program: Parameters<typeof failureOf>): DestinationError | null {
  const failure = failureOf(...program);
  if (failure === null) return null;
  return new DestinationError(
    failure,
    'Mend the program or what it calls; run by hand with the same JSON on its standard input it has to end with status 0.',
  );
}
