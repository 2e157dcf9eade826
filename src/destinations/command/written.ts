/** The last that this process did at one place. */
export interface LastDone {
  readonly accessKeyId: string;
  readonly reference: string | null;
  readonly removed: boolean;
}

/**
 * What this process wrote and removed with the authors' programs. The place cannot be read, so under
 * `create_before_destroy` nothing else would keep the old key's destruction from removing the new pair.
 */
export class Written {
  readonly #last = new Map<string, LastDone>();

  at(place: string): LastDone | undefined {
    return this.#last.get(place);
  }

  note(place: string, done: LastDone): void {
    this.#last.set(place, done);
  }
}

/** One process of the provider serves all of a provider block's resources in one apply. */
export const writtenByThisProcess = new Written();
