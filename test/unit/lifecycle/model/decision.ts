import { UNKNOWN } from '../../../../src/plugin/index.js';
import type { ObjectValue } from '../../../../src/plugin/index.js';
import type { Planned } from '../../../support/terraform-core/core.js';
import { isWhollyKnown } from '../../../support/terraform-core/values.js';
import { view } from './view.js';
import type { View } from './view.js';

/** What a plan has decided about a key, as far as its values show it. */
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
  const remembersMore = change.privateData !== refreshed.privateData;
  return ofLivingKey(view(refreshed), config, change.planned, { ...circumstances, remembersMore });
}

function ofLivingKey(
  prior: View,
  config: ObjectValue,
  planned: ObjectValue,
  { now, isTold, remembersMore }: Circumstances & { readonly remembersMore: boolean },
): Kind[] {
  const isOver = (instant: string | null) => instant !== null && Date.parse(instant) <= now;
  const isNew = planned.access_key_id === UNKNOWN;
  const isChanged = !isNew && planned.status === UNKNOWN;
  const taken = !isNew && planned.secret_reference === UNKNOWN;
  // A plan that lets a rotation wait beside other changes leaves word of it to its apply.
  const waits = isNew && remembersMore;
  const isOpen = isNew && !waits && !isWhollyKnown(config);
  const kinds: [Kind, boolean][] = [
    ['rotate', isNew && !waits && !isOpen],
    ['undecided', isOpen],
    ['take over', taken],
    ['defer', waits || (!isNew && !taken && needsAnother(prior, config, isOver(prior.dueAt)))],
    ['retire', !isNew && prior.previous !== null && planned.previous_access_key_id === UNKNOWN],
    ['blocked', !isNew && prior.previous === planned.previous_access_key_id && isOver(prior.retireAfter)],
    ['leftovers', (isNew || isChanged) && prior.leftovers.length > 0],
    ['hook again', isChanged && config.hooks !== null && prior.id !== null && !isTold(prior.id)],
  ];
  const met = kinds.filter(([, isMet]) => isMet).map(([kind]) => kind);
  return met.length > 0 ? met : ['keep'];
}

function needsAnother(prior: View, { rotation }: ObjectValue, isDue: boolean): boolean {
  const { keepers } = rotation as { readonly keepers: { readonly version: string } | typeof UNKNOWN };
  const isAsked = keepers !== UNKNOWN && keepers.version !== prior.keeper;
  return prior.id === null || prior.status !== 'Active' || !prior.delivered || isDue || isAsked;
}
