import type { Repeat } from '../aws/no-answer.js';
import { isAnswered, isThrottled } from '../aws/sdk-error.js';
import type { SdkError } from '../aws/sdk-error.js';

/** Whether a call that only reads is worth repeating after this. */
export function repeatOf(error: SdkError & { $metadata?: { clockSkewCorrected?: boolean } }): Repeat {
  if (isThrottled(error)) return 'slower';
  // The SDK has learned the service's time from this answer, and signs the next request with it.
  if (error.$metadata?.clockSkewCorrected) return 'soon';
  // Whoever has no credentials has none in a moment either.
  return isAnswered(error) || /Credentials|TokenProvider/.test(error.name) ? 'never' : 'soon';
}
