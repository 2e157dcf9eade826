/** What tests read of an object in a state file. */
export interface Instance {
  readonly status?: string;
  readonly deposed?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What the provider remembers beside the attributes, in base64. */
  readonly private?: string;
}

interface StateFile {
  readonly resources?: readonly { readonly instances?: readonly Instance[] }[];
}

/** All objects of a state, the tainted and deposed ones as well. Terraform, killed at it, leaves an empty file. */
export function instancesIn(state: string): Instance[] {
  const { resources = [] } = JSON.parse(state.trim() || '{}') as StateFile;
  return resources.flatMap(({ instances = [] }) => instances);
}

/** The IDs of the keys that the state's objects hold, the previous ones as well. */
export function keysIn(instances: readonly Instance[]): string[] {
  return instances
    .flatMap(({ attributes }) => [attributes.access_key_id, attributes.previous_access_key_id])
    .filter((id) => typeof id === 'string');
}

/** The state with its texts changed, those that the provider remembers included. */
export function changedState(state: string, change: (text: string) => string): string {
  const remembered = instancesIn(state).flatMap((instance) => instance.private ?? []);
  const inBase64 = (text: string) =>
    Buffer.from(change(Buffer.from(text, 'base64').toString())).toString('base64');
  return remembered.reduce((sum, text) => sum.replaceAll(text, inBase64(text)), change(state));
}
