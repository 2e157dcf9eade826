import type { Inspection } from '../../../src/lifecycle/room.js';
import { roomFor } from '../../../src/lifecycle/room.js';
import type { Situation } from '../../../src/lifecycle/inspect.js';
import {
  ALONE,
  CURRENT,
  found,
  foundBucket,
  FREE,
  intent,
  journal,
  LEFT,
  listed,
  mark,
  NOW,
  OTHER,
  SCENE,
  STRANGER,
  told,
  wish,
} from './decide-cases.js';

const [current, other, stranger] = [listed(CURRENT), listed(OTHER), listed(STRANGER)];

describe('a new key for a new resource', () => {
  test.each([
    ['has room on an empty bucket', [], []],
    ['has room beside one key', [stranger], []],
    [
      'has room where keys of this process are all there is: they may go first',
      [current, other],
      [CURRENT, OTHER],
    ],
    ['has room beside one key and one of this process', [current, stranger], [CURRENT]],
  ])('%s', (_, keys, ours) => {
    expect(roomFor(wish({}, ours), found(FREE, keys)).problem).toBeNull();
  });

  test('has none beside two that nobody manages', () => {
    const room = roomFor(wish(), found(FREE, [other, stranger]));
    expect(room.problem).toEqual(told.full(other, stranger));
    // The refusal names them.
    expect(room.messages).toEqual([]);
  });

  test('is told which key it is made beside, of those that nobody manages', () => {
    const room = roomFor(wish({}, [CURRENT]), found(FREE, [current, stranger]));
    expect(room.messages).toEqual([told.unmanaged(stranger)]);
  });
});

describe('the next key of a resource', () => {
  const beside = (first: readonly string[] = []) =>
    wish({ beside: CURRENT, first, slots: { ...ALONE, keys: [CURRENT] } }, [CURRENT]);

  test('has room beside its predecessor alone', () => {
    expect(roomFor(beside(), found(FREE, [current])).problem).toBeNull();
  });

  test('has none beside its predecessor and another, which are both named', () => {
    const room = roomFor(beside(), found(FREE, [current, stranger]));
    expect(room.problem).toEqual(told.fullBeside([CURRENT], current, stranger));
  });

  test('has room where one of them goes first', () => {
    const room = roomFor(beside([LEFT]), found(FREE, [current, listed(LEFT)]));
    expect(room).toMatchObject({ problem: null, messages: [], accountedFor: [LEFT] });
  });
});

describe('while the place is not known', () => {
  test('nothing is refused for a new resource, but a full bucket is a warning', () => {
    const room = roomFor(wish(), foundBucket(other, stranger));
    expect(room).toMatchObject({ problem: null, accountedFor: [], permits: null });
    expect(room.messages).toEqual([told.perhapsFull(other, stranger)]);
  });

  test('keys of this process are not counted for a new resource', () => {
    const room = roomFor(wish({}, [OTHER]), foundBucket(other, stranger));
    expect(room.messages).toEqual([told.unmanaged(stranger)]);
  });

  test('a third new key is refused beside an unmanaged one: no journal could make room for it', () => {
    const uses = [1, 2].map(() => ({ ...ALONE, first: [], makes: 'another place' }));
    const slots = { ...ALONE, others: { uses, listed: [] } };
    const room = roomFor(wish({ slots }), foundBucket(stranger));
    expect(room.problem?.summary).toMatch(/no room for the key of .* beside the new key of another place/);
    const second = { ...slots, others: { uses: uses.slice(1), listed: [] } };
    expect(roomFor(wish({ slots: second }), foundBucket(stranger)).problem).toBeNull();
  });

  test('it is called what it is', () => {
    const inspection = foundBucket();
    const scene = { keys: SCENE.keys, destination: { title: 'no destination', isNowhere: true } };
    const { use } = roomFor(wish(), { ...inspection, scene } as Inspection);
    expect(use?.makes).toBe('a destination that is known only at apply');
  });

  test('keys that go first are not counted', () => {
    const room = roomFor(wish({ first: [OTHER] }), foundBucket(other, stranger));
    expect(room.messages).toEqual([told.unmanaged(stranger)]);
  });

  test('a resource with a key is told of those that nobody manages, and of nothing else', () => {
    const room = roomFor(wish({ beside: CURRENT }, [CURRENT]), foundBucket(current, stranger));
    expect(room.problem).toBeNull();
    expect(room.messages).toEqual([told.unmanaged(stranger)]);
  });
});

describe('the pair that lies at the place', () => {
  const before = mark(OTHER);
  const begun = { journal: journal(intent()), intent: intent(), before };
  const free: Situation = { kind: 'free', journal: journal(before), mark: before };
  const abandoned: Situation = { kind: 'abandoned', ...begun, newcomers: [] };
  const unfinished: Situation = { kind: 'unfinished', ...begun, key: listed(LEFT), others: [] };
  const delivered: Situation = {
    kind: 'delivered',
    journal: journal(before),
    key: other,
    as: 'left',
    others: [],
  };

  test.each([free, abandoned, unfinished])(
    'is permitted to be replaced by a new resource, and its key is not named: $kind',
    (situation) => {
      const room = roomFor(wish(), found(situation, [other]));
      expect(room).toMatchObject({ problem: null, permits: { key: OTHER, time: { asOf: NOW } } });
      expect(room.accountedFor).toContain(OTHER);
      expect(room.messages).not.toContainEqual(told.unmanaged(other));
    },
  );

  test.each([free, abandoned, unfinished])(
    'needs no permission for a rotation, whose apply knows its predecessor: $kind',
    (situation) => {
      expect(roomFor(wish({ beside: OTHER }), found(situation, [other])).permits).toBeNull();
    },
  );

  test('needs no permission where it is adopted', () => {
    expect(roomFor(wish(), found(delivered, [other])).permits).toBeNull();
  });

  test('is permitted nothing where there is no slot', () => {
    const room = roomFor(wish(), found(free, [stranger, listed(LEFT)]));
    expect(room).toMatchObject({ problem: told.full(stranger, listed(LEFT)), permits: null });
  });

  test('does not hide another key', () => {
    const room = roomFor(wish(), found({ ...FREE, mark: before }, [stranger]));
    expect(room.messages).toEqual([told.unmanaged(stranger)]);
  });
});
