import { lookForRoom } from '../../../src/lifecycle/issue-key.js';
import { permitReplacement } from '../../../src/lifecycle/journal/confirm.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { roomFor } from '../../../src/lifecycle/room.js';
import { ALONE } from './decide-cases.js';

/** Says what a plan says of a new key, and keeps what it keeps; throws what would be in the key's way. */
export async function announceIssue(
  { exclusive }: { readonly exclusive: boolean },
  world: KeyContext,
  beside: string | null,
  first: readonly string[] = [],
): Promise<void> {
  const inspection = await lookForRoom(world, { exclusive }, true);
  const known = { ours: world.known, removed: new Set<string>() };
  const room = roomFor({ exclusive, beside, first, isNew: false, known, slots: ALONE }, inspection);
  for (const message of room.messages) world.warn(message);
  for (const id of room.accountedFor) world.known.announced(id);
  if (room.problem) throw room.problem;
  const { permits } = room;
  if (permits && world.known.mayBeReplaced(permits.key, undefined)) {
    await permitReplacement(world, permits.key, permits.time, false);
  }
}
