import { madeWithoutList } from '../../../src/lifecycle/messages/creation.js';
import { perhapsNoFreeSlot } from '../../../src/lifecycle/messages/planning.js';
import { roomDependsOnOrder } from '../../../src/lifecycle/messages/slots.js';
import { slotsTaken } from '../../../src/lifecycle/refusals.js';
import { roomFor, withoutList } from '../../../src/lifecycle/room.js';
import type { Inspection, SlotWish } from '../../../src/lifecycle/room.js';
import type { SlotUse } from '../../../src/lifecycle/slots.js';
import {
  ALONE,
  BUCKET,
  CURRENT,
  found,
  foundBucket,
  FREE,
  journal,
  listed,
  mark,
  NO_BUCKET,
  NOW,
  OTHER,
  STRANGER,
  TITLE,
  told,
  wish,
} from './decide-cases.js';

const [current, other, stranger] = [listed(CURRENT), listed(OTHER), listed(STRANGER)];

/** What the plan of another resource does; by default it makes nothing, and keeps what it has. */
function plan(changes: Partial<SlotUse> = {}): SlotUse {
  const rest = { then: [], isAsked: true, isNew: false, rotates: false };
  return { keys: [], first: [], makes: null, ...rest, ...changes };
}

const makes = (place: string) => plan({ makes: place, isNew: true });
const keeps = (key: string) => plan({ keys: [key] });
const removes = (key: string) => plan({ keys: [key], first: [key] });

/** Beside the plans of other resources. */
function beside(uses: readonly SlotUse[], changes: Partial<SlotWish> = {}): SlotWish {
  return { ...ALONE, others: { uses, listed: null }, ...changes };
}

describe('a new key on a bucket that is made by the same apply', () => {
  test('has room beside another one', () => {
    const room = roomFor(wish({ slots: beside([makes('here')]) }), NO_BUCKET);
    expect(room).toMatchObject({ problem: null, use: { makes: TITLE } });
  });

  test('has none as the third one, and hears of all that may need a slot', () => {
    const others = [makes('here'), makes('there'), keeps(OTHER)];
    const { problem } = roomFor(wish({ slots: beside(others) }), NO_BUCKET);
    expect(problem).toEqual(slotsTaken(BUCKET, TITLE, [], others));
  });

  test('is refused nothing where AWS cannot be asked', () => {
    const others = [makes('here'), makes('there')];
    const room = withoutList(wish({ slots: beside(others) }), null);
    expect(room).toMatchObject({ problem: null, use: { makes: 'another resource' } });
  });
});

describe('what other plans are told', () => {
  const without = { keys: [], first: [], then: [], isAsked: true, isNew: true, rotates: false };

  test.each([found(FREE, [other]), foundBucket(other)])(
    'is the new key, and what the list has shown: $found',
    (inspection) => {
      const { use, listed: shown } = roomFor(wish(), inspection);
      expect(use).toEqual({ ...without, makes: TITLE });
      expect(shown).toEqual([OTHER]);
    },
  );

  test('is that no key is made where one is adopted', () => {
    const delivered = {
      kind: 'delivered',
      journal: journal(mark(OTHER)),
      key: other,
      as: 'left',
      others: [],
    } as const;
    expect(roomFor(wish(), found(delivered, [other])).use).toEqual({ ...without, makes: null });
  });
});

describe('a new key that finds room once another resource is removed', () => {
  const removal = removes(OTHER);
  const inspection = found(FREE, [other, stranger]);

  test('is made, with a word on the order', () => {
    const { problem, messages } = roomFor(wish({ slots: beside([removal]) }, [OTHER]), inspection);
    expect(problem).toBeNull();
    expect(messages).toEqual([roomDependsOnOrder(BUCKET, TITLE, [removal]), told.unmanaged(stranger)]);
  });

  test('waits for it where it can', () => {
    const slots = beside([removal], { canWait: true });
    const { problem } = roomFor(wish({ slots }, [OTHER]), inspection);
    expect(problem).toEqual(told.fullBeside([OTHER], other, stranger));
  });
});

describe('the next key of a resource beside one whose resource is not planned yet', () => {
  const next = (isAsked: boolean) =>
    roomFor(
      wish({ beside: CURRENT, slots: { ...ALONE, keys: [CURRENT], isAsked } }, [CURRENT, OTHER]),
      found(FREE, [current, other]),
    );

  test('is made where its author asks for it: the other one may go first', () => {
    expect(next(true).problem).toBeNull();
  });

  test('is not made where it is merely due: nobody could take that back', () => {
    expect(next(false).problem).toEqual(told.fullBeside([CURRENT, OTHER], current, other));
  });
});

describe('beside other plans, while the place is not known', () => {
  test('a new key is refused beside two that stay, and that are of this configuration', () => {
    const slots = beside([keeps(CURRENT), keeps(OTHER)]);
    const room = roomFor(wish({ slots }, [CURRENT, OTHER]), foundBucket(current, other));
    expect(room.problem).toEqual(told.fullBeside([CURRENT, OTHER], current, other));
  });

  test('it is not, where one of them gives way to its successor and the other is unmanaged', () => {
    const replaces = plan({ keys: [OTHER], first: [OTHER], makes: 'there' });
    const room = roomFor(wish({ slots: beside([replaces]) }, [OTHER]), foundBucket(stranger, other));
    expect(room.problem).toBeNull();
    expect(room.messages).toEqual([perhapsNoFreeSlot(told.fullBeside([OTHER], stranger, other))]);
  });

  test('nothing is refused to a resource with a key, which may need no other', () => {
    const slots = beside([keeps(OTHER)], { keys: [CURRENT] });
    const room = roomFor(wish({ beside: CURRENT, slots }, [CURRENT, OTHER]), foundBucket(current, other));
    expect(room).toMatchObject({ problem: null, messages: [] });
  });
});

test.each<[string, Inspection]>([
  ['with its destination', unlisted(found())],
  ['without it', unlisted(foundBucket())],
])('it is said that a key is made without a list: %s', (_, inspection) => {
  const room = roomFor(wish(), inspection);
  expect(room).toMatchObject({ problem: null, messages: [madeWithoutList(BUCKET)] });
});

function unlisted(inspection: Inspection): Inspection {
  const missing = { keys: [], asOf: NOW, isMissing: true } as const;
  if (inspection.found === 'bucket') return { ...inspection, listing: missing };
  if (inspection.found !== 'all') return inspection;
  return { ...inspection, inspected: { ...inspection.inspected, listing: missing } };
}
