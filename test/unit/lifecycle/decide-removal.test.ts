import { decideRemoval } from '../../../src/lifecycle/decide-removal.js';
import { CURRENT, LEFT, OTHER, overlapping, PREVIOUS, resource } from './decide-cases.js';

const ours = (...keys: string[]) => ({ ours: new Set(keys) });

test('a resource is removed with all of its keys, the current one first', () => {
  expect(decideRemoval(overlapping({ leftovers: [LEFT, OTHER] }), ours(CURRENT, PREVIOUS))).toEqual([
    { key: CURRENT, at: 'current' },
    { key: PREVIOUS, at: 'previous' },
    { key: LEFT, at: 'current' },
    { key: OTHER, at: 'current' },
  ]);
});

test('what is not there is not removed', () => {
  expect(decideRemoval(resource(), ours())).toEqual([{ key: CURRENT, at: 'current' }]);
  expect(decideRemoval(overlapping({ current: null }), ours())).toEqual([{ key: PREVIOUS, at: 'previous' }]);
  expect(decideRemoval(resource({ current: null }), ours())).toEqual([]);
});

test('a leftover that another resource has in its state by now is no leftover any more', () => {
  const own = resource({ leftovers: [LEFT, OTHER] });
  expect(decideRemoval(own, ours(CURRENT, OTHER)).map(({ key }) => key)).toEqual([CURRENT, LEFT]);
});
