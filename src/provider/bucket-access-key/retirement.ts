import { retirementOf } from '../../lifecycle/rotation.js';
import type { Retirement } from '../../lifecycle/rotation.js';
import type { ObjectValue } from '../../plugin/index.js';
import { text } from '../values.js';
import type { Sight } from './memory.js';
import { createdAtOf, policyOf } from './state.js';

/** What is to become of a state's previous key under the wanted policy; null: it has none, or nobody has looked. */
export function retirementIn(prior: ObjectValue, wanted: ObjectValue, seen: Sight | null): Retirement | null {
  const createdAt = createdAtOf(prior);
  // Without a current key the previous one is all that consumers have.
  if (text(prior.access_key_id) === null || !createdAt || !seen?.previous) return null;
  if (seen.previous.isRead) return { kind: 'read' };
  return retirementOf(policyOf(wanted), createdAt, seen.previous, seen.asOf);
}
