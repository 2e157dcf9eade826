import { unmanagedKeys } from '../../lifecycle/audit-bucket.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { listKeysIfThere } from '../../lifecycle/list-keys.js';
import type { Message } from '../../lifecycle/message.js';
import { unmanagedFound } from '../../lifecycle/messages/refresh.js';
import type { CallContext, ObjectValue } from '../../plugin/index.js';
import type { Phase } from '../listings.js';
import { auditWithoutBucket } from '../messages.js';
import type { Session } from '../session.js';
import { strings, text } from '../values.js';

export type Examined =
  | { readonly kind: 'clean' }
  /** Keys that nobody declared; or it cannot be told, and then nothing may pass. */
  | { readonly kind: 'found'; readonly said: Message }
  /** AWS is not to be asked yet. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'no bucket'; readonly said: Message };

/**
 * Lists the bucket's keys and takes away those that somebody manages. The keys of the prior state count once more:
 * one that this run removes or replaces may live until the audit is done, and is judged from the next run on.
 */
export async function examine(
  audit: ObjectValue,
  prior: ObjectValue | null,
  session: Session,
  context: CallContext,
  phase: Phase,
): Promise<Examined> {
  const bucket = text(audit.bucket_name);
  if (session.isIncomplete || bucket === null) return { kind: 'unknown' };
  const declared = [audit, prior].flatMap((state) => strings(state?.managed_access_key_ids) ?? []);
  try {
    const { keys, known } = await session.keyContext(bucket, { kind: 'none' }, context, { phase });
    // In turn: in between, another resource's new key would look like a stranger's.
    return await session.inTurn(bucket, async () => {
      const listing = await listKeysIfThere(keys);
      if (!listing) return { kind: 'no bucket', said: auditWithoutBucket(keys) };
      const unmanaged = unmanagedKeys(listing, declared, known);
      return unmanaged.length > 0
        ? { kind: 'found', said: unmanagedFound(keys, unmanaged, listing.asOf) }
        : { kind: 'clean' };
    });
  } catch (error) {
    if (error instanceof LifecycleError) return { kind: 'found', said: error.said };
    throw error;
  }
}
