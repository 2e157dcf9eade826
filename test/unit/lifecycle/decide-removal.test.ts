import { decideRemoval, goingOf } from '../../../src/lifecycle/decide-removal.js';
import { BUCKET, CURRENT, daysAgo, LEFT, OTHER, overlapping, PREVIOUS, resource } from './decide-cases.js';

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

describe('what tells the keys of a resource that goes from those of others', () => {
  const told = { accounted: [OTHER], createdAt: daysAgo(1), exclusive: true };

  test('is all that its state has, or had last', () => {
    const all = overlapping({ former: OTHER, leftovers: [LEFT] });
    const held = [CURRENT, PREVIOUS, OTHER, LEFT];
    expect(goingOf(all, told)).toEqual({ bucket: BUCKET, held, leftovers: [LEFT], ...told });
  });

  test.each([
    ['only a current key', resource(), [CURRENT]],
    ['only a previous key', overlapping({ current: null }), [PREVIOUS]],
    ['no key', resource({ current: null }), []],
  ])('names nothing that is not there: %s', (_, from, held) => {
    expect(goingOf(from, told).held).toEqual(held);
  });
});
