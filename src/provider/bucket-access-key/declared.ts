import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { ObjectValue } from '../../plugin/index.js';
import * as messages from '../messages.js';
import { flag, text } from '../values.js';
import { placeOf } from '../cloud.js';
import type { Purpose } from '../runs.js';
import { destinationIn, identityOf } from './secret-argument.js';

/** How many instances want each bucket and destination. */
export class DeclaredDestinations {
  readonly #wanted = new Map<string, number>();
  #lookedAt = 0;

  constructor(private readonly declarations: readonly ObjectValue[]) {}

  /** Whether several instances want the same bucket's key at the same destination. */
  isTwice(config: ObjectValue): boolean {
    for (const declaration of this.declarations.slice(this.#lookedAt)) {
      const destination = identityOf(declaration);
      if (destination !== null) this.#wanted.set(destination, (this.#wanted.get(destination) ?? 0) + 1);
      this.#lookedAt += 1;
    }
    const destination = identityOf(config);
    return destination !== null && (this.#wanted.get(destination) ?? 0) > 1;
  }

  /** Whether some resource is declared whose own plan says what becomes of a key of this purpose. */
  wants({ bucket, place }: Purpose): boolean {
    return this.declarations.some(
      (declared) => text(declared.bucket_name) === bucket && placeIn(declared) === place,
    );
  }
}

/** The place of a resource's pair as it is declared; null where that is not known yet. */
function placeIn({ secret }: ObjectValue): string | null {
  const choice = destinationIn(secret);
  return choice === null ? null : placeOf(choice);
}

/** Which destinations of a bucket want its keys for themselves, as they are planned. */
export class ExclusiveClaims {
  readonly #claims = new Map<string, Map<string, boolean>>();

  /**
   * `exclusive` says that nothing else makes keys on the bucket, and what appears during a call without an answer is
   * deleted on its word: a second resource on the same bucket makes it untrue.
   */
  claim(planned: ObjectValue): LifecycleError | null {
    const bucket = text(planned.bucket_name);
    const destination = identityOf(planned);
    if (bucket === null || destination === null) return null;
    const claimed = this.#claims.get(bucket) ?? new Map<string, boolean>();
    this.#claims.set(bucket, claimed.set(destination, flag(planned.exclusive) ?? false));
    if (claimed.size === 1 || ![...claimed.values()].includes(true)) return null;
    return new LifecycleError(messages.exclusiveTwice(bucket, claimed.size), { subject: 'bucket' });
  }
}
