import { RecentChanges } from '../../../src/destinations/ssm-parameter/metadata.js';

const old = [
  { version: 1, modified: 100 },
  { version: 2, modified: 200 },
];
const fresh = [{ version: 1, modified: 300 }];
let now: number;
let changes: RecentChanges;
beforeEach(() => {
  now = 0;
  changes = new RecentChanges(() => now);
});

describe('After a parameter was deleted', () => {
  beforeEach(() => {
    changes.judge('a', old);
    changes.deleted('a');
  });

  it('a look that still shows one of its versions is of nothing, for half a minute', () => {
    expect(changes.judge('a', old)).toBe('gone');
    expect(changes.judge('a', [...old, { version: 3, modified: 250 }])).toBe('gone');
    now = 29_000;
    expect([changes.judge('a', old), changes.isDeleted('a')]).toEqual(['gone', true]);
    now = 31_000;
    expect([changes.judge('a', old), changes.isDeleted('a')]).toEqual(['present', false]);
  });

  it('another one of that name, or of another name, is there', () => {
    expect(changes.judge('a', fresh)).toBe('present');
    expect(changes.judge('b', old)).toBe('present');
    expect(changes.judge('a', [])).toBe('present');
  });

  it('and made again, neither the old one nor none is the present state', () => {
    changes.wrote('a', 1);
    expect([changes.judge('a', old), changes.judge('a', [])]).toEqual(['behind', 'behind']);
    expect([changes.judge('a', fresh), changes.isDeleted('a')]).toEqual(['present', false]);
  });

  it('and made again and deleted again, neither of the two is there', () => {
    changes.wrote('a', 1);
    changes.judge('a', fresh);
    changes.deleted('a');
    expect([changes.judge('a', old), changes.judge('a', fresh)]).toEqual(['gone', 'gone']);
  });
});

describe('After a parameter was deleted whose last version was written and not looked at', () => {
  const last = { version: 3, modified: 250 };
  beforeEach(() => {
    changes.judge('a', old);
    changes.wrote('a', 3);
    changes.deleted('a');
  });

  it('a look that shows that version alone is of nothing, for half a minute', () => {
    expect([changes.judge('a', [last]), changes.judge('a', [...old, last])]).toEqual(['gone', 'gone']);
    expect(changes.judge('a', fresh)).toBe('present');
    now = 31_000;
    expect(changes.judge('a', [last])).toBe('present');
  });

  it('and made again, that version is not the present state until as many were written', () => {
    changes.wrote('a', 1);
    expect([changes.judge('a', [last]), changes.judge('a', fresh)]).toEqual(['behind', 'present']);
    changes.wrote('a', 3);
    expect(changes.judge('a', [{ version: 3, modified: 400 }])).toBe('present');
  });
});

it('A version that was seen before it was deleted is told from another one of its number.', () => {
  changes.wrote('a', 1);
  changes.judge('a', fresh);
  changes.deleted('a');
  expect(changes.judge('a', [{ version: 1, modified: 400 }])).toBe('present');
});

it('A look that shows less than was written is behind, until half a minute has passed.', () => {
  changes.wrote('a', 2);
  expect([changes.judge('a', fresh), changes.judge('a', old)]).toEqual(['behind', 'present']);
  now = 31_000;
  expect(changes.judge('a', fresh)).toBe('present');
});
