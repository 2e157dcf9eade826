import {
  effectOf,
  fit,
  inTheWayOf,
  NO_OTHERS,
  PlannedSlots,
  rotatesBeside,
  takenOn,
} from '../../../src/lifecycle/slots.js';
import type { SlotUse } from '../../../src/lifecycle/slots.js';

const [A, B, P] = ['AKIAA', 'AKIAB', 'AKIAP'] as const;

function use(changes: Partial<SlotUse> = {}): SlotUse {
  const flags = { isAsked: true, isNew: false, rotates: false };
  return { keys: [], first: [], makes: null, then: [], ...flags, ...changes };
}

const made = use({ makes: 'file new.json', isNew: true });
const keepsA = use({ keys: [A] });
const removesA = use({ keys: [A], first: [A] });
const rotatesA = use({ keys: [A], makes: 'file a.json' });
const rotatesAtOnce = use({ keys: [A], makes: 'file a.json', then: [A] });
const retiresP = use({ keys: [A, P], first: [P] });

describe('a bucket with two slots', () => {
  test.each([
    ['one new key on an empty bucket', [], [made], 'in any order'],
    ['two new keys on an empty bucket', [], [made, made], 'in any order'],
    ['three new keys on an empty bucket', [], [made, made, made], 'in no order'],
    ['a new key beside one', [B], [made], 'in any order'],
    ['two new keys beside one', [B], [made, made], 'in no order'],
    ['a key that stays beside two', [A, B], [keepsA], 'in any order'],
    ['a new key beside two', [A, B], [made], 'in no order'],
    ['a rotation alone', [A], [rotatesA], 'in any order'],
    ['a rotation beside a new key', [A], [rotatesA, made], 'in no order'],
    ['a rotation without an overlap beside a new key', [A], [rotatesAtOnce, made], 'in some order'],
    ['a new key beside a removal and another key', [A, B], [removesA, made], 'in some order'],
    ['a new key beside a removal', [A], [removesA, made], 'in any order'],
    ['two new keys beside a removal', [A], [removesA, made, made], 'in some order'],
    ['three new keys beside a removal', [A], [removesA, made, made, made], 'in no order'],
    ['a new key beside a retirement', [A, P], [retiresP, made], 'in some order'],
    ['a key that is destroyed and created anew', [A, B], [use({ ...made, first: [A] })], 'in any order'],
    ['one that is created before its old one goes', [A, B], [use({ ...made, then: [A] })], 'in no order'],
  ] as const)('has room for %s: %s + %j → %s', (_, taken, uses, expected) => {
    expect(fit(taken, uses)).toBe(expected);
    expect(fit(taken, [...uses].reverse())).toBe(expected);
  });

  test('says which of the other plans matter', () => {
    expect(inTheWayOf([A], made, [use({ keys: [B] }), rotatesA])).toEqual([rotatesA]);
    // Each of them alone would leave room.
    expect(inTheWayOf([], made, [made, made])).toEqual([made, made]);
  });
});

describe('keys of states', () => {
  test('are taken once their own resource is planned: until then it may be the one that is asked for', () => {
    expect(takenOn([A, B, P], new Set([A, B]), [keepsA])).toEqual([A, P]);
  });

  test('that turn out to stay leave no room for what was planned before', () => {
    const others = { uses: [made, keepsA], listed: [A, B] };
    const keepsB = use({ keys: [B] });
    const ours = new Set([A, B]);
    expect(effectOf(keepsB, others, ours)).toEqual({
      wanting: made,
      fit: 'in no order',
      others: [keepsA, keepsB],
    });
    expect(effectOf(keepsB, { ...others, uses: [made] }, ours)).toBeNull();
    expect(effectOf(keepsB, { ...others, uses: [keepsA] }, ours)).toBeNull();
    expect(effectOf(keepsB, NO_OTHERS, ours)).toBeNull();
  });

  test('that go make the order count for what was planned before, whichever is planned last', () => {
    const removesB = use({ keys: [B], first: [B] });
    const ours = new Set([A, B]);
    const expected = { wanting: made, fit: 'in some order', others: [removesB] };
    expect(effectOf(removesB, { uses: [made, keepsA], listed: [A, B] }, ours)).toEqual(expected);
    expect(effectOf(keepsA, { uses: [made, removesB], listed: [A, B] }, ours)).toEqual(expected);
    // The new key's own plan has said it.
    const stranger = new Set([B]);
    expect(effectOf(use(), { uses: [removesB, made], listed: [A, B] }, stranger)).toBeNull();
  });

  test('that stay refuse what was asked for rather than what is due', () => {
    const due = { ...rotatesAtOnce, isAsked: false };
    const keepsB = use({ keys: [B] });
    const ours = new Set([A, B]);
    const effect = effectOf(keepsB, { uses: [made, due], listed: [A, B] }, ours);
    expect(effect).toMatchObject({ wanting: made, fit: 'in no order' });
    expect(effectOf(keepsB, { uses: [due], listed: [A, B] }, ours)).toMatchObject({ wanting: due });
  });
});

describe('rotations of two resources on one bucket', () => {
  const rotating = use({ keys: [A], rotates: true });
  const others = (...uses: readonly SlotUse[]) => ({ uses, listed: null });

  test.each([
    ['are warned of where the second is new', made, rotating, true],
    ['are warned of where the first is new', rotating, made, true],
    ['are warned of no more once both have keys', use({ keys: [B] }), rotating, false],
    ['are none where neither rotates', made, keepsA, false],
    ['are none where the other one goes', made, use({ ...rotating, first: [A] }), false],
    ['are none where this one goes', use({ keys: [B], first: [B], isNew: true }), rotating, false],
  ])('%s', (_, mine, other, isWarned) => {
    expect(rotatesBeside(mine, others(other))).toBe(isWarned ? other : null);
  });
});

describe('what a process has planned', () => {
  test('is told of the other resources of the same bucket', () => {
    const slots = new PlannedSlots();
    slots.plans('uploads', 1, made);
    slots.found('uploads', [A]);
    slots.plans('archive', 2, rotatesA);
    slots.plans('uploads', 3, keepsA);
    slots.found('uploads', null);
    expect(slots.othersOn('uploads', 3)).toEqual({ uses: [made], listed: [A] });
    expect(slots.othersOn('elsewhere', 3)).toEqual(NO_OTHERS);
  });

  test('is what each resource has planned last', () => {
    const slots = new PlannedSlots();
    slots.plans('uploads', 1, keepsA);
    slots.plans('uploads', 1, made);
    expect(slots.othersOn('uploads', 2).uses).toEqual([made]);
  });

  test('is no longer counted once something changes: then it may be done already', () => {
    const slots = new PlannedSlots();
    slots.plans('uploads', 1, made);
    slots.found('uploads', [A]);
    slots.beginsToChange();
    expect(slots.othersOn('uploads', 2)).toEqual(NO_OTHERS);
  });
});
