import { UNKNOWN } from '../../../../src/plugin/index.js';
import type { ObjectValue } from '../../../../src/plugin/index.js';
import type { Planned } from '../../../support/terraform-core/core.js';
import type { StoredDecision } from '../../../../src/lifecycle/decide.js';
import { readMemory } from '../../../../src/provider/bucket-access-key/memory.js';
import { view } from './view.js';
import type { View } from './view.js';

/** What a plan has decided about a key: as it says to its apply, and where it does not, as its values show. */
export const KINDS = [
  'create',
  'keep',
  'rotate',
  'take over',
  'undecided',
  'replace',
  'defer',
  'retire',
  'blocked',
  'leftovers',
  'hook again',
  'destroy',
  'refuse',
] as const;
export type Kind = (typeof KINDS)[number];

interface Circumstances {
  readonly now: number;
  /** Whether the author's program has been told of that key. */
  readonly isTold: (accessKeyId: string) => boolean;
}

export function kindsOf({ config, change, refreshed }: Planned, circumstances: Circumstances): Kind[] {
  switch (change?.action) {
    case undefined:
      return ['refuse'];
    case 'delete':
      return ['destroy'];
    case 'create':
      return ['create'];
    case 'replace':
    case 'create before destroy':
      return ['replace'];
    default:
  }
  if (!refreshed || !config || !change?.planned) return [];
  const { decision } = readMemory(change.privateData, refreshed.value);
  return decision ? ofLivingKey(view(refreshed), config, change.planned, decision, circumstances) : [];
}

function ofLivingKey(
  prior: View,
  config: ObjectValue,
  planned: ObjectValue,
  { current, retires }: StoredDecision,
  { now, isTold }: Circumstances,
): Kind[] {
  const kind = KINDS.find((one) => one === current);
  const isNew = planned.access_key_id === UNKNOWN;
  const isChanged = !isNew && planned.status === UNKNOWN;
  const isOver = prior.retireAfter !== null && Date.parse(prior.retireAfter) <= now;
  const others: [Kind, boolean][] = [
    ['retire', retires],
    ['blocked', !isNew && prior.previous === planned.previous_access_key_id && isOver],
    ['leftovers', (isNew || isChanged) && prior.leftovers.length > 0],
    ['hook again', isChanged && config.hooks !== null && prior.id !== null && !isTold(prior.id)],
  ];
  const met = others.filter(([, isMet]) => isMet).map(([other]) => other);
  return [...(kind && (kind !== 'keep' || met.length === 0) ? [kind] : []), ...met];
}
