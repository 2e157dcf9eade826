import type { World } from '../../lifecycle/ports.js';

/** Whether the destination holds the pair of this key; one that cannot be asked does not. */
export async function holdsPairOf({ destination }: World, accessKeyId: string): Promise<boolean> {
  return destination.read().then(
    ({ current }) => current?.accessKeyId === accessKeyId,
    () => false,
  );
}
