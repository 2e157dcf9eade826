import type { Destination } from '../lifecycle/destination.js';
import { command } from './command/descriptor.js';
import type { Descriptor, DestinationChoice, Surroundings } from './descriptor.js';
import { file } from './file/descriptor.js';
import type { ReadBack } from './read-back.js';
import { secretsManager } from './secrets-manager/descriptor.js';
import { ssmParameter } from './ssm-parameter/descriptor.js';
import { terraformOutput } from './terraform-output/descriptor.js';
import { vaultKv } from './vault-kv/descriptor.js';

/** Every destination that there is. Schema, validation, comparison, reading back and policy go by it. */
export const DESTINATIONS: readonly Descriptor[] = [
  terraformOutput,
  file,
  secretsManager,
  ssmParameter,
  vaultKv,
  command,
];

/** Loads a destination's code, and opens it. */
export async function openDestination(
  { destination, given, current }: DestinationChoice,
  around: Omit<Surroundings, 'current'>,
): Promise<Destination & Partial<ReadBack>> {
  return (await destination.load()).open(given, { ...around, current });
}
