import { randomUUID } from 'node:crypto';
import type { AccessKey } from './access-key.js';
import type { Intent, Mark, Watch } from './journal.js';
import type { Order } from './order.js';
import type { Listing, World } from './ports.js';
import { CREATE_MILLISECONDS, unlessOver } from './watch.js';

/** For what comes after the create and S3's acceptance. */
const GRACE_MILLISECONDS = 60_000;

/** How long a run may hold a destination. */
export function holdMilliseconds(order: Pick<Order, 'verifySeconds'>): number {
  return CREATE_MILLISECONDS + (order.verifySeconds ?? 0) * 1000 + GRACE_MILLISECONDS;
}

export function newIntent(
  world: World,
  order: Pick<Order, 'verifySeconds'>,
  listing: Listing,
  past: { readonly before: Mark | null; readonly watch: Watch | null },
): Intent {
  const watch = unlessOver(past.watch, listing.asOf);
  return {
    phase: 'intent',
    bucket: world.keys.bucket,
    baseline: listing.keys.map((key) => key.id),
    begunAt: listing.asOf.toISOString(),
    ...holdOf(world, order, listing),
    ...formOf(world),
    ...(past.before && { before: past.before }),
    ...(watch && { watch }),
  };
}

/** A dead run's creation in this run's hands: what it was about stays, so that the next run could tell too. */
export function takenOver(
  world: World,
  order: Pick<Order, 'verifySeconds'>,
  listing: Listing,
  intent: Intent,
): Intent {
  const taken: { -readonly [Member in keyof Intent]: Intent[Member] } = {
    ...intent,
    ...holdOf(world, order, listing),
  };
  // Somebody looks after it again.
  delete taken.released;
  return taken;
}

function holdOf(
  world: World,
  order: Pick<Order, 'verifySeconds'>,
  { asOf }: Listing,
): Pick<Intent, 'nonce' | 'holder' | 'expiresAt'> {
  return {
    nonce: randomUUID(),
    holder: world.runs.self,
    expiresAt: new Date(asOf.getTime() + holdMilliseconds(order)).toISOString(),
  };
}

export function newMark(world: World, key: AccessKey, at: Date, watch: Watch | null): Mark {
  return {
    phase: 'unconfirmed',
    bucket: world.keys.bucket,
    accessKeyId: key.id,
    holder: world.runs.self,
    at: at.toISOString(),
    ...formOf(world),
    ...(world.destination.digest !== undefined && { digest: world.destination.digest }),
    ...(watch && { watch }),
  };
}

function formOf({ destination }: World): { form?: string } {
  return destination.form === undefined ? {} : { form: destination.form };
}
