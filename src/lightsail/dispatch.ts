import { asSdkError } from '../aws/sdk-error.js';
import type { SdkError } from '../aws/sdk-error.js';
import { isNeverSent } from './api-error.js';

/** Whether a request can have left this machine: what fails before is certain to have had no effect. */
export class Dispatch {
  #sent = false;
  #failure: SdkError | undefined;

  get sent(): boolean {
    return this.#sent;
  }

  /** What went wrong on the way, before the SDK put it into words of its own. */
  get failure(): SdkError | undefined {
    return this.#failure;
  }

  /** A middleware for the last step before the wire: credentials are had by then, and the request is signed. */
  readonly watch = <Input, Output>(next: (input: Input) => Promise<Output>) => {
    return async (input: Input): Promise<Output> => {
      this.#sent = true;
      try {
        return await next(input);
      } catch (thrown) {
        this.#failure = asSdkError(thrown);
        if (isNeverSent(this.#failure)) this.#sent = false;
        throw thrown;
      }
    };
  };
}
