import { KeyOwners } from '../../../src/lifecycle/key-owners.js';
import type { Fate, Owner } from '../../../src/lifecycle/key-owners.js';

const [ONE, TWO, KEY, OTHER, PLACE] = ['resource 1', 'resource 2', 'AKIAKEY', 'AKIAOTHER', 'file key.json'];

function owners(...fates: readonly (readonly [string | null, Fate])[]): KeyOwners {
  const all = new KeyOwners();
  for (const [resource, fate] of fates) {
    if (fate === 'read') all.read({ resource, keys: [KEY] });
    else all.plans(resource, KEY, fate);
  }
  return all;
}
const owner = (changes: Partial<Owner> = {}): Owner => ({
  resource: ONE,
  keys: [KEY],
  destination: PLACE,
  ...changes,
});

describe('A key that two resources have', () => {
  test.each<[Fate, boolean, string | null]>([
    ['read', true, null],
    ['read', false, null],
    ['kept', false, 'shared'],
    ['kept', true, 'withheld'],
    ['replaced', false, 'deleted'],
    ['replaced', true, 'deleted'],
    ['removed', false, 'deleted'],
    ['removed', true, 'deleted'],
  ])('is %s by the other one, and given up by this one: %s', (fate, isDeleted, conflict) => {
    expect(owners([TWO, fate]).conflict(ONE, KEY, isDeleted)).toBe(conflict);
    expect(owners([ONE, fate]).conflict(ONE, KEY, isDeleted)).toBeNull();
    expect(owners([TWO, fate]).conflict(ONE, OTHER, isDeleted)).toBeNull();
  });

  test.each<[Fate, boolean]>([
    ['read', false],
    ['kept', true],
    ['replaced', true],
    ['removed', false],
  ])('is %s by the other one, which does not let this one be removed: %s', (fate, isWithheld) => {
    const all = owners([TWO, fate]);
    expect(all.remove(owner())).toEqual(isWithheld ? { key: KEY, conflict: 'withheld' } : null);
    expect(all.isRemoved(KEY)).toBe(true);
  });

  test('is planned as it was, however often it is read', () => {
    const all = owners([TWO, 'kept'], [TWO, 'read']);
    expect(all.conflict(ONE, KEY, false)).toBe('shared');
  });
});

test('a resource that nobody has written down is one and the same', () => {
  expect(owners([null, 'kept']).conflict(null, KEY, true)).toBeNull();
  expect(owners([null, 'kept']).conflict(ONE, KEY, true)).toBe('withheld');
});

describe('An import', () => {
  test.each<[Fate, boolean]>([
    // OpenTofu reads a resource, too, that it is to forget.
    ['read', true],
    ['kept', false],
    ['replaced', false],
    ['removed', false],
  ])('of a key that is %s is possible: %s', (fate, isPossible) => {
    expect(owners([TWO, fate]).imports(ONE, KEY)).toBe(isPossible);
  });

  test('is met by whoever else has the key, and not by itself', () => {
    const all = owners([TWO, 'read']);
    all.imports(ONE, KEY);
    expect(all.conflict(TWO, KEY, false)).toBe('imported');
    all.plans(TWO, KEY, 'removed');
    expect(all.conflict(ONE, KEY, false)).toBeNull();
    expect(all.remove(owner({ resource: TWO }))).toEqual({ key: KEY, conflict: 'imported' });
  });
});

describe('A new resource', () => {
  const following = { destination: PLACE, keys: [KEY], isReplacement: false };

  test.each<[string, string | null, readonly string[], boolean]>([
    ['at the place', PLACE, [], true],
    ['where its pair lies', 'file ./key.json', [KEY], true],
    ['where its pair lies, at a place that is not known', null, [KEY], true],
    ['elsewhere', 'file other.json', [OTHER], false],
    ['at a place that is not known', null, [], false],
  ])('%s follows a key that is removed', (_, destination, keys, isFollowed) => {
    const all = new KeyOwners();
    all.liesAt(PLACE, KEY);
    all.isToFollow({ destination, keys, isReplacement: false });
    expect(all.remove(owner())).toEqual(isFollowed ? { key: KEY, conflict: 'wanted' } : null);
  });

  test('may be the replacement of another one of that place', () => {
    const all = new KeyOwners();
    all.liesAt(PLACE, KEY);
    all.liesAt(PLACE, OTHER);
    expect(all.predecessorsAt(PLACE, null)).toEqual([KEY, OTHER]);
    all.isToFollow({ ...following, keys: [KEY, OTHER] });
    expect(all.remove(owner())).toBeNull();
    expect(all.removedFrom(PLACE)).toBeNull();
    expect(all.predecessorsAt(PLACE, null)).toEqual([KEY, OTHER]);
  });

  test('is none where every key of its place is removed', () => {
    const all = new KeyOwners();
    expect(all.removedFrom(PLACE)).toBeNull();
    all.liesAt(PLACE, KEY);
    expect(all.removedFrom(PLACE)).toBeNull();
    all.remove(owner());
    expect(all.removedFrom(PLACE)).toBe(KEY);
    expect(all.predecessorsAt(PLACE, null)).toEqual([]);
  });

  test('does not follow a key that its own resource keeps', () => {
    const all = owners([TWO, 'kept']);
    all.liesAt(PLACE, KEY);
    expect(all.predecessorsAt(PLACE, null)).toEqual([]);
    expect(all.predecessorsAt(PLACE, TWO)).toEqual([KEY]);
  });

  test('is the same resource once it is made: its old object goes', () => {
    const all = new KeyOwners();
    all.liesAt(PLACE, KEY);
    all.isToFollow(following);
    all.beginsToMake();
    expect(all.remove(owner())).toBeNull();
  });

  test('may be the one that is removed, where that was to be replaced', () => {
    const all = new KeyOwners();
    all.liesAt(PLACE, KEY);
    all.isToFollow({ ...following, isReplacement: true });
    expect(all.conflict(ONE, KEY, false)).toBeNull();
    expect(all.remove(owner())).toEqual({ key: KEY, conflict: 'replaced' });
    all.isToFollow(following);
    expect(all.remove(owner())).toEqual({ key: KEY, conflict: 'wanted' });
  });

  test('that may be the removed one hides no other resource, which keeps the second key of the removed one', () => {
    const all = new KeyOwners();
    all.liesAt(PLACE, KEY);
    all.plans(TWO, OTHER, 'kept');
    all.isToFollow({ ...following, isReplacement: true });
    expect(all.remove(owner({ keys: [KEY, OTHER] }))).toEqual({ key: OTHER, conflict: 'withheld' });
  });

  test('is told of by the resource that keeps the key of its place', () => {
    const all = new KeyOwners();
    all.isToFollow(following);
    expect(all.conflict(ONE, KEY, false)).toBe('wanted');
    expect(all.conflict(ONE, OTHER, false)).toBeNull();
  });
});

test('a resource is known by its keys', () => {
  const all = owners([ONE, 'kept']);
  all.plans(TWO, OTHER, 'kept');
  expect(all.keysOf(ONE)).toEqual([KEY]);
  expect(all.keysOf(null)).toEqual([]);
});
