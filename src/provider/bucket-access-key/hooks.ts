import type { Hooks } from '../../lifecycle/ports.js';
import type { CallContext, ObjectValue } from '../../plugin/index.js';

export const NO_HOOKS: Hooks = {
  created: () => Promise.resolve(null),
  beforeDeletion: () => Promise.resolve(),
};

export function hooksOf(_attributes: ObjectValue, _context: CallContext): Hooks {
  return NO_HOOKS;
}
