import { readMemory } from '../../../../src/provider/bucket-access-key/memory.js';
import type { Stored } from '../../../support/terraform-core/plan-once.js';

/** What a state says of its keys. */
export interface View {
  readonly id: string | null;
  /** The key that a rotation has replaced, during its overlap. */
  readonly previous: string | null;
  /** Other keys that the provider remembers beside the state. */
  readonly leftovers: readonly string[];
  readonly bucket: string;
  readonly keeper: string | null;
  readonly status: string | null;
  readonly dueAt: string | null;
  readonly retireAfter: string | null;
  readonly tainted: boolean;
  readonly delivered: boolean;
}

const seen = new WeakMap<Stored, View>();

/** Of the private bytes it takes the keys that are still to be deleted. */
export function view(stored: Stored): View {
  const known = seen.get(stored);
  if (known) return known;
  const { value, privateData, tainted } = stored;
  const text = (name: string) => (typeof value[name] === 'string' ? value[name] : null);
  const id = text('access_key_id');
  const previous = text('previous_access_key_id');
  const { leftovers: remembered } = readMemory(privateData, value);
  const rotation = value.rotation as { readonly keepers?: { readonly version?: string } | null } | null;
  const made: View = {
    id,
    previous,
    leftovers: remembered.filter((other) => other !== id && other !== previous),
    bucket: text('bucket_name') ?? '',
    keeper: rotation?.keepers?.version ?? null,
    status: text('status'),
    dueAt: text('rotation_due_at'),
    retireAfter: text('retire_previous_after'),
    tainted,
    delivered: (text('secret_reference') ?? text('secret_access_key')) !== null,
  };
  seen.set(stored, made);
  return made;
}

export function keysOf({ id, previous, leftovers }: View): string[] {
  return [id, previous, ...leftovers].filter((key) => key !== null);
}
