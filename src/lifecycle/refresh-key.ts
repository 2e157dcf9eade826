import type { AccessKey } from './access-key.js';
import { reasonOf } from './lifecycle-error.js';
import { listKeysIfThere } from './list-keys.js';
import { confirm } from './marks.js';
import type { Listing, World } from './ports.js';
import { describeKeys, deletionCommand, ids } from './wording.js';

/** What is left of a key that the state holds. */
export type Refreshed =
  | { readonly state: 'alive'; readonly key: AccessKey; readonly asOf: Date; readonly delivered: boolean; readonly leftovers: readonly AccessKey[] }
  | { readonly state: 'gone' };

/** Looks after one key of the state; changes nothing but the journal's confirmation. */
export async function refreshKey(world: World, accessKeyId: string, _order?: {exclusive: boolean}): Promise<Refreshed> {
  world.known.sawInState(accessKeyId);
  const { bucket, region } = world.keys;
  const listing = await listKeysIfThere(world.keys);
  if (!listing) {
    world.warn({
      summary: `Bucket ${bucket} of key ${accessKeyId} does not exist any more`,
      detail: `It was deleted outside of Terraform, or is not in ${region}. Its key is gone with it; the plan makes a new one.`,
    });
    return { state: 'gone' };
  }
  const key = listing.keys.find((listed) => listed.id === accessKeyId);
  if (!key) {
    world.warn({
      summary: `Key ${accessKeyId} of bucket ${bucket} does not exist any more`,
      detail: `It was deleted outside of Terraform, and whoever uses its secret is refused by now. The plan makes a new key. ${listing.keys.length > 0 ? `The bucket holds ${describeKeys(listing.keys, listing.asOf)}.` : 'The bucket holds no key.'}`,
    });
    return { state: 'gone' };
  }
  await confirm(world, accessKeyId, listing.asOf);
  await nameLateLandings(world, listing, accessKeyId);
  return { state: 'alive', key, asOf: listing.asOf, delivered: await isDelivered(world, accessKeyId), leftovers: [] };
}

/** A destination that cannot be asked says nothing about the key: a warning, and the pair counts as delivered. */
async function isDelivered(world: World, accessKeyId: string): Promise<boolean> {
  const { title } = world.destination;
  try {
    const { current } = await world.destination.read();
    if (current?.accessKeyId === accessKeyId) return true;
    world.warn({
      summary: `The secret of key ${accessKeyId} of bucket ${world.keys.bucket} is no longer at ${title}`,
      detail: `${current ? `Another value is there${current.accessKeyId ? `, of key ${current.accessKeyId}` : ''}` : 'Nothing is there'}. The key itself is alive, but its secret cannot be had again, so the plan replaces it by a new one.`,
    });
    return false;
  } catch (error) {
    world.warn({
      summary: `Whether ${title} still holds the secret of key ${accessKeyId} of bucket ${world.keys.bucket} cannot be told`,
      detail: `${reasonOf(error)} The key is left as it is.`,
    });
    return true;
  }
}

/** A create of an earlier run that got no answer may have taken effect after that run had ended. */
async function nameLateLandings(world: World, listing: Listing, accessKeyId: string): Promise<void> {
  const entry = await world.destination.journal?.read().then(
    (reading) => reading.entry,
    () => null,
  );
  if (entry?.phase === 'intent' || entry?.accessKeyId !== accessKeyId || !entry.watch) return;
  const { baseline, since, until } = entry.watch;
  const late = listing.keys.filter(
    (key) =>
      !baseline.includes(key.id) &&
      !world.known.has(key.id) &&
      key.createdAt.getTime() >= Date.parse(since) - 1000 &&
      key.createdAt.getTime() <= Date.parse(until),
  );
  if (late.length === 0) return;
  world.warn({
    summary: `Key ${ids(late)} on bucket ${world.keys.bucket} may be the late outcome of a call that got no answer`,
    detail: `${describeKeys(late, listing.asOf)}. If nobody knows it, delete it: ${late.map((key) => deletionCommand(world.keys.bucket, world.keys.region, key.id)).join(' ; ')}`,
  });
}
