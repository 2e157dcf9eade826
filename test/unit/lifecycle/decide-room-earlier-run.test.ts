import type { Intent } from '../../../src/lifecycle/journal/entry.js';
import { roomFor } from '../../../src/lifecycle/room.js';
import type { Situation } from '../../../src/lifecycle/inspect.js';
import {
  BUCKET,
  CLEAR,
  found,
  hoursAgo,
  intent,
  journal,
  LEFT,
  listed,
  mark,
  NOW,
  OTHER,
  STRANGER,
  told,
  wish,
} from './decide-cases.js';

const [other, stranger, left] = [listed(OTHER), listed(STRANGER), listed(LEFT)];

describe('a pair that a dead run has delivered', () => {
  const delivered = (key = other): Situation => ({
    kind: 'delivered',
    journal: journal(mark(key.id)),
    key,
    as: 'left',
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

  test.each([true, undefined])('is not proven by exclusive on another bucket', (answered) => {
    const begun = intent({ bucket: 'downloads', ...(answered && { answered }) });
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
