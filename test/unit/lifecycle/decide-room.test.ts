import type { Mark } from '../../../src/lifecycle/journal/entry.js';
import { replacedWhereRemoved } from '../../../src/lifecycle/messages/owners.js';
import { heldByAnother, refusal } from '../../../src/lifecycle/refusals.js';
import { lacksRoomBesideOwn, NOTHING_IN_THE_WAY, roomFor } from '../../../src/lifecycle/room.js';
import type { Wish } from '../../../src/lifecycle/room.js';
import type { Situation } from '../../../src/lifecycle/inspect.js';
import {
  BUCKET,
  CLEAR,
  found,
  FREE,
  hoursAgo,
  intent,
  journal,
  known,
  LEFT,
  listed,
  mark,
  NO_BUCKET,
  NOTHING_FOUND,
  OTHER,
  PREVIOUS,
  PROBLEM,
  SCENE,
  STRANGER,
  told,
  wish,
} from './decide-cases.js';

const [other, stranger] = [listed(OTHER), listed(STRANGER)];

test('a bucket that this apply makes is empty', () => {
  expect(roomFor(wish(), NO_BUCKET)).toEqual({ ...CLEAR, listed: null });
});

test('where nobody can look, there is no room', () => {
  expect(roomFor(wish(), NOTHING_FOUND)).toEqual({ ...NOTHING_IN_THE_WAY, problem: PROBLEM });
});

test('nothing is said of a free place on an empty bucket', () => {
  expect(roomFor(wish(), found())).toEqual(CLEAR);
});

describe('a place where no key may be made', () => {
  const busy: Situation = { kind: 'busy', intent: intent(), newcomers: [] };
  const owned: Situation = { kind: 'owned', mark: mark(OTHER), beside: null };
  const foreign: Situation = { kind: 'foreign', beside: null, pairOf: null };
  const undetermined: Situation = { kind: 'undetermined', key: other };

  test.each([busy, owned, foreign, undetermined])(
    'is refused, whatever slots are free: $kind',
    (situation) => {
      const room = roomFor(wish(), found(situation, [stranger]));
      // Of a place whose owner is not known nobody can say whose pair is there.
      const occupant = situation === owned ? { key: OTHER } : null;
      expect(room).toMatchObject({ messages: [], accountedFor: [], permits: null, occupant });
      expect(room.problem).toEqual(refusal(situation as typeof busy, SCENE, new Set()));
    },
  );

  test('is said to be another resource’s where this process has read its key from a state', () => {
    const room = roomFor(wish({}, [OTHER]), found(owned, [other]));
    expect(room.problem).toEqual(heldByAnother(BUCKET, OTHER, false));
    expect(room.occupant).toEqual({ bucket: BUCKET, key: OTHER, predecessor: null, replacement: null });
  });

  test('is refused with a word on the value that would be overwritten', () => {
    const room = roomFor(wish(), found(owned, [], 'as it was'));
    expect(room.messages).toEqual([told.covered('as it was')]);
    expect(room.problem).not.toBeNull();
  });
});

describe('a place whose key is removed with its resource', () => {
  const permitted: Situation = { kind: 'free', journal: journal(mark(OTHER)), mark: mark(OTHER) };
  const removing = (changes: Partial<Wish>) => wish({ known: known([], [OTHER]), ...changes });

  test('is not taken by a new resource', () => {
    const room = roomFor(removing({ isNew: true }), found(permitted, [other]));
    expect(room.problem).toEqual(heldByAnother(BUCKET, OTHER, true));
    expect(room.permits).toBeNull();
  });

  test('is taken by the next key of its own resource', () => {
    expect(roomFor(removing({}), found(permitted, [other])).problem).toBeNull();
  });

  const tomorrow = hoursAgo(-24).toISOString();
  const leaving = (changes: Partial<Mark>): Situation => {
    const left = mark(OTHER, changes);
    return { kind: 'free', journal: journal(left), mark: left };
  };

  test.each([
    ['was refused', 'refused'],
    ['died', 'planned'],
  ] as const)('is taken where its own resource was to be made anew by an apply that %s', (_, replacement) => {
    const there = leaving({ replaceableUntil: tomorrow, replacement });
    const room = roomFor(removing({ isNew: true }), found(there, [other]));
    expect(room.problem).toBeNull();
    expect(room.occupant).toEqual({ bucket: BUCKET, key: OTHER, predecessor: null, replacement });
    expect(room.messages).toEqual([replacedWhereRemoved(BUCKET, OTHER)]);
    expect(roomFor(removing({ isNew: false }), found(there, [other])).messages).toEqual([]);
  });

  test.each<[string, Partial<Mark>]>([
    ['of which nobody knows whose plan it was', { replaceableUntil: tomorrow }],
    ['that is over', { replaceableUntil: hoursAgo(0).toISOString(), replacement: 'refused' }],
    ['that has no end', { replacement: 'refused' }],
  ])('is not taken with a permission %s', (_, changes) => {
    const room = roomFor(removing({ isNew: true }), found(leaving(changes), [other]));
    expect(room.problem).toEqual(heldByAnother(BUCKET, OTHER, true));
  });

  test('is taken once its key is in no removed state', () => {
    const room = roomFor(wish({ isNew: true, known: known([OTHER]) }), found(permitted, [other]));
    expect(room.problem).toBeNull();
  });
});

test('it is said where a value that is not ours stays when the pair takes its place', () => {
  const room = roomFor(wish(), found(FREE, [stranger], 'as it was'));
  expect(room.messages).toEqual([told.covered('as it was'), told.unmanaged(stranger)]);
  expect(room.problem).toBeNull();
});

test('keys that the same apply deletes first are reported with the rest', () => {
  const room = roomFor(wish({ first: [LEFT] }), found({ ...FREE, mark: mark(PREVIOUS) }));
  expect(room.accountedFor).toEqual([LEFT, PREVIOUS]);
});

describe('room for a key that is made before its old object goes', () => {
  const occupant = { bucket: BUCKET, key: OTHER, predecessor: LEFT, replacement: 'planned' } as const;
  const room = { ...NOTHING_IN_THE_WAY, occupant, listed: [OTHER, LEFT] };

  test.each([
    ['is lacking beside its own two keys', room, true],
    ['is there beside one', { ...room, listed: [OTHER] }, false],
    ["is lacking for a stranger's sake", { ...room, listed: [OTHER, STRANGER] }, false],
    [
      'is nothing to it where it was not planned',
      { ...room, occupant: { ...occupant, replacement: null } },
      false,
    ],
    ['is nothing to it at a free place', { ...room, occupant: null }, false],
    ['is unknown where nobody has looked', { ...room, listed: null }, false],
  ])('%s', (_, there, isLacking) => {
    expect(lacksRoomBesideOwn(there)).toBe(isLacking);
  });
});
