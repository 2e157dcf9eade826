import { holdsPair } from '../../lifecycle/holds-pair.js';
import type { World } from '../../lifecycle/ports.js';

/** Whether the destination holds the pair of this key; one that cannot be asked does not. */
export async function holdsPairOf({ destination }: World, accessKeyId: string): Promise<boolean> {
  return holdsPair(destination, accessKeyId).catch(() => false);
}
