import type { Intent, Mark } from '../../../src/lifecycle/journal/entry.js';
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
  NOW,
  OTHER,
  PREVIOUS,
  PROBLEM,
  SCENE,
  STRANGER,
  told,
  wish,
} from './decide-cases.js';

const [other, stranger, left] = [listed(OTHER), listed(STRANGER), listed(LEFT)];

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
  const owned: Situation = { kind: 'owned', mark: mark(OTHER) };
  const foreign: Situation = { kind: 'foreign', beside: null };

  test.each([busy, owned, foreign])('is refused, whatever slots are free: $kind', (situation) => {
    const room = roomFor(wish(), found(situation, [stranger]));
    expect(room).toMatchObject({ messages: [], accountedFor: [], permits: null });
    expect(room.problem).toEqual(refusal(situation as typeof busy, SCENE, new Set()));
  });

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

  test('is taken where its own resource was to be made anew, and that was refused', () => {
    const there = leaving({ replaceableUntil: tomorrow, replacement: 'refused' });
    const room = roomFor(removing({ isNew: true }), found(there, [other]));
    expect(room.problem).toBeNull();
    expect(room.occupant).toEqual({ bucket: BUCKET, key: OTHER, predecessor: null, replacement: 'refused' });
  });

  test.each<[string, Partial<Mark>]>([
    ['of which nobody knows whose plan it was', { replaceableUntil: tomorrow }],
    ['that no apply has met', { replaceableUntil: tomorrow, replacement: 'planned' }],
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

describe('a pair that a dead run has delivered', () => {
  const delivered = (key = other): Situation => ({
    kind: 'delivered',
    journal: journal(mark(key.id)),
    key,
    others: [],
  });

  test('is adopted, and takes no further slot', () => {
    expect(roomFor(wish(), found(delivered(), [other, stranger]))).toEqual({
      ...CLEAR,
      messages: [told.willBeAdopted(other), told.unmanaged(stranger)],
      problem: null,
      accountedFor: [OTHER],
      permits: null,
      occupant: { bucket: BUCKET, key: OTHER, predecessor: null, replacement: null },
    });
  });

  test('is not named a second time as a key that nobody manages', () => {
    const room = roomFor(wish(), found(delivered(), [other]));
    expect(room.messages).toEqual([told.willBeAdopted(other)]);
  });
});

describe('a key that a dead run has made and not delivered', () => {
  const unfinished = (changes: Partial<Extract<Situation, { kind: 'unfinished' }>> = {}): Situation => ({
    kind: 'unfinished',
    journal: journal(intent()),
    intent: intent(),
    before: null,
    key: other,
    others: [],
    ...changes,
  });

  test('is finished or deleted, and leaves its slot', () => {
    expect(roomFor(wish(), found(unfinished(), [other, stranger]))).toEqual({
      ...CLEAR,
      messages: [told.willBeFinished(other), told.unmanaged(stranger)],
      problem: null,
      accountedFor: [OTHER],
      permits: null,
      occupant: null,
    });
  });

  test('takes a slot where others came in its time, which nobody may delete', () => {
    const room = roomFor(wish(), found(unfinished({ others: [stranger] }), [other, stranger, left]));
    expect(room).toEqual({
      ...CLEAR,
      messages: [told.willBeFinished(other), told.appeared(intent(), [stranger], false)],
      problem: told.full(stranger, left),
      accountedFor: [OTHER],
      permits: null,
      occupant: null,
    });
  });

  test('lets what else came in its time be named once', () => {
    const room = roomFor(wish(), found(unfinished({ others: [stranger] }), [other, stranger]));
    expect(room).toMatchObject({
      messages: [told.willBeFinished(other), told.appeared(intent(), [stranger], false)],
      problem: null,
    });
  });

  test('goes with the others that came in its time under exclusive', () => {
    const inspection = found(unfinished({ others: [stranger] }), [other, stranger, left]);
    expect(roomFor(wish({ exclusive: true }), inspection)).toMatchObject({
      messages: [told.willBeFinished(other), told.appeared(intent(), [stranger], true), told.unmanaged(left)],
      problem: null,
      accountedFor: [STRANGER, OTHER],
    });
  });
});

describe('what came while a run was making a key that could not tell', () => {
  const abandoned = (newcomers = [stranger], begun: Intent = intent()): Situation => ({
    kind: 'abandoned',
    journal: journal(begun),
    intent: begun,
    before: null,
    newcomers,
  });

  test('is named and left alone, and takes its slot', () => {
    expect(roomFor(wish(), found(abandoned(), [other, stranger]))).toEqual({
      ...CLEAR,
      messages: [told.appeared(intent(), [stranger], false)],
      problem: told.full(other, stranger),
      accountedFor: [],
      permits: null,
      occupant: null,
    });
  });

  test('is not named a second time where there is room', () => {
    const room = roomFor(wish(), found(abandoned(), [stranger]));
    expect(room.messages).toEqual([told.appeared(intent(), [stranger], false)]);
    expect(room.problem).toBeNull();
  });

  test('is deleted under exclusive, and leaves its slot', () => {
    const room = roomFor(wish({ exclusive: true }), found(abandoned(), [other, stranger]));
    expect(room).toEqual({
      ...CLEAR,
      messages: [told.appeared(intent(), [stranger], true), told.unmanaged(other)],
      problem: null,
      accountedFor: [STRANGER],
      permits: null,
      occupant: null,
    });
  });

  test('is not proven by exclusive on another bucket', () => {
    const begun = intent({ bucket: 'downloads', answered: true });
    const room = roomFor(wish({ exclusive: true }), found(abandoned([stranger], begun), [other, stranger]));
    expect(room).toMatchObject({ problem: told.full(other, stranger), accountedFor: [] });
    expect(room.messages).toEqual([told.appeared(begun, [stranger], false)]);
  });

  test('may be nothing', () => {
    expect(roomFor(wish(), found(abandoned([])))).toEqual(CLEAR);
    const full = roomFor(wish(), found(abandoned([]), [other, stranger]));
    expect(full.problem).toEqual(told.full(other, stranger));
  });
});

describe('a call to another bucket that got no answer', () => {
  const lateWindow = { baseline: [], since: hoursAgo(1).toISOString(), until: NOW.toISOString() };
  const free = (changes: { bucket?: string; lateWindow?: typeof lateWindow } = {}): [Situation, Intent] => {
    const entry = intent({ bucket: 'downloads', answered: true, lateWindow, ...changes });
    return [{ kind: 'free', journal: journal(entry), mark: null }, entry];
  };

  test('is named as long as it may take effect there', () => {
    const [situation, entry] = free();
    const room = roomFor(wish(), found(situation, [stranger]));
    expect(room.messages).toEqual([told.otherBucket(entry, lateWindow), told.unmanaged(stranger)]);
    expect(room.problem).toBeNull();
  });

  test('is named beside the lack of a slot', () => {
    const [situation, entry] = free();
    const room = roomFor(wish(), found(situation, [other, stranger]));
    expect(room.messages).toEqual([told.otherBucket(entry, lateWindow)]);
    expect(room.problem).toEqual(told.full(other, stranger));
  });

  test.each([
    ['once that is over', { lateWindow: { ...lateWindow, until: hoursAgo(0.1).toISOString() } }],
    ['where the bucket is the same', { bucket: BUCKET }],
  ])('is not named %s', (_, changes) => {
    expect(roomFor(wish(), found(free(changes)[0]))).toEqual(CLEAR);
  });

  test('is not named where the journal is empty', () => {
    const empty: Situation = { kind: 'free', journal: journal(null), mark: null };
    expect(roomFor(wish(), found(empty))).toEqual(CLEAR);
  });
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
