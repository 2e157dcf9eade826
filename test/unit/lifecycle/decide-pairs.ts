import { refusalIn, storedForm } from '../../../src/lifecycle/decide.js';
import type { Decision } from '../../../src/lifecycle/decide.js';
import type { Configuration, Resource } from '../../../src/lifecycle/resource.js';
import {
  CURRENT,
  daysAgo,
  decided,
  found,
  listed,
  outside,
  PREVIOUS,
  processView,
  resource,
  STRANGER,
  wanted,
} from './decide-cases.js';
import type { Outside } from './decide-cases.js';

const process = processView({}, [CURRENT, PREVIOUS]);
export const there = (changes: Partial<Outside> = {}) => outside({ process, ...changes });
export const holding = (...ids: string[]) =>
  there({
    inspection: found(
      undefined,
      ids.map((id) => listed(id)),
    ),
  });

export const ROOM = holding(CURRENT);
export const NO_ROOM = holding(CURRENT, STRANGER);
export const KEY_GONE = holding();
export const HOOKED = { hasHook: true };

export const OLD = { id: CURRENT, status: 'Active', createdAt: daysAgo(99) };
export const due = (changes: Partial<Resource> = {}) => resource({ current: OLD, ...changes });
export const AFTER_A_MONTH = wanted({ policy: { afterDays: 30 } });
export const undelivered = (changes: Partial<Resource> = {}) => resource({ destination: null, ...changes });

/** The plan that a user reads, and the one that Terraform's core makes once more before it applies. */
export interface Pair {
  readonly first: Decision;
  readonly second: Decision;
}

interface Moment {
  readonly wanted: Configuration;
  readonly outside: Outside;
}

/** `handsOn`: Terraform 1.16 and later give the second plan the private bytes of the first. */
export function planTwice(
  resource: Resource | null,
  before: Moment,
  after: Moment,
  { handsOn = false }: { readonly handsOn?: boolean } = {},
): Pair {
  const first = decided(resource, before.wanted, before.outside);
  const promised = handsOn ? storedForm(first) : null;
  return { first, second: decided(resource, after.wanted, { ...after.outside, promised }) };
}

type Shown = Readonly<Record<'key' | 'pair' | 'status' | 'previous', 'unknown' | 'as it is'>>;

/** What the provider's plan tells of each computed value; all of them come of the decision alone. */
function shown({ current, previous, leftovers, hook }: Decision): Shown {
  const isUnknown = (when: boolean) => (when ? 'unknown' : 'as it is');
  const isAnother = !['keep', 'take over', 'defer'].includes(current.kind);
  const takesOver = current.kind === 'take over';
  const isChanged = leftovers.length > 0 || hook !== 'none' || previous.kind === 'retire';
  // With anything else to do, a key that waits is planned as one that may find its place until apply.
  const mayBeAnother = isAnother || (current.kind === 'defer' && isChanged);
  return {
    key: isUnknown(mayBeAnother),
    pair: isUnknown(mayBeAnother || takesOver),
    status: isUnknown(mayBeAnother || takesOver || leftovers.length > 0 || hook !== 'none'),
    previous: isUnknown(mayBeAnother || previous.kind === 'retire'),
  };
}

/** Nothing to apply: core plans no second time. */
export function isNoChange(decision: Decision): boolean {
  return Object.values(shown(decision)).every((value) => value === 'as it is');
}

/**
 * What core calls an inconsistent final plan: a value that the first plan told, and the second does not. Empty where
 * the first one has left nothing to apply, and where the second one is an error, which its user reads.
 */
export function contradictions({ first, second }: Pair): string[] {
  if (isNoChange(first) || refusalIn(second)) return [];
  if ((first.current.kind === 'replace') !== (second.current.kind === 'replace')) return ['another action'];
  const [before, after] = [shown(first), shown(second)];
  const names = Object.keys(before) as (keyof Shown)[];
  return names.filter((name) => before[name] === 'as it is' && after[name] === 'unknown');
}
