import type { AccessKey } from './access-key.js';
import { deleteOrphan, newcomersIn, UnknownOutcome } from './create-key.js';
import type { Watch } from './journal.js';
import * as messages from './messages/creation.js';
import type { Listing, World } from './ports.js';
import { suspects } from './watch.js';

const LISTED_WITHIN = 30_000;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2000;

interface Creation {
  readonly key: AccessKey;
  /** The keys that need no word. */
  readonly baseline: readonly string[];
  /** Calls that got no answer; null when all were answered. */
  readonly watch: Watch | null;
}

/**
 * Waits until the API lists the new key, and looks once more for a key that nobody asked for: a create of this
 * run that landed late, or a stranger's. The pair is delivered by now, so nothing here makes the apply fail.
 */
export async function settle(
  world: World,
  order: { readonly exclusive: boolean },
  creation: Creation,
): Promise<AccessKey> {
  const { key } = creation;
  const deadline = world.clock.elapsed() + LISTED_WITHIN;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const listing = await world.keys.list().catch(() => null);
    const listed = listing?.keys.find((candidate) => candidate.id === key.id);
    if (listing && listed) {
      await lookForOthers(world, order, creation, listing);
      return listed;
    }
    if (world.clock.elapsed() >= deadline || world.signal.aborted) {
      world.warn(messages.notListedYet(world.keys.bucket, key));
      return key;
    }
    await world.clock.sleep(pause, world.signal);
  }
}

async function lookForOthers(
  world: World,
  order: { readonly exclusive: boolean },
  { key, baseline, watch }: Creation,
  listing: Listing,
): Promise<void> {
  const doubtful = suspects(world, listing, watch);
  for (const newcomer of new Set([...newcomersIn(world, listing, baseline), ...doubtful])) {
    if (doubtful.includes(newcomer) && order.exclusive) {
      await deleteOrphan(world, newcomer).catch((error: unknown) => {
        if (!(error instanceof UnknownOutcome)) throw error;
        world.warn(error.said);
      });
      continue;
    }
    world.warn(
      doubtful.includes(newcomer)
        ? messages.lateOrUnmanagedAppeared(world.keys, newcomer, key, listing.asOf)
        : messages.unmanagedAppeared(world.keys.bucket, newcomer, key),
    );
  }
}
