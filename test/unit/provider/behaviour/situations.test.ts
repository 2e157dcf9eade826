import { toFile } from './arguments.js';
import { CHANGES, FILE_CHANGES, UNKNOWNS } from './changes.js';
import { only, product, without } from './product.js';
import { FILES, SITUATIONS } from './situations.js';
import { pinned } from './suite.js';

const wants = (folder: string) => ({ secret: toFile(`${folder}/key.json`) });
const all = { ...SITUATIONS, ...FILES };
const usual = ['nothing changes', 'its keepers change', 'it is no longer wanted'];

pinned(
  'However things stand with a key in a file',
  'situations',
  product(wants, { situations: all, changes: only(CHANGES, ...usual) }),
);

const elsewhere = [
  'it is of another bucket',
  'it is of another bucket, created before the old one goes',
  'it is no longer wanted, without a refresh',
];

pinned('Whatever changes in the configuration of a key in a file', 'changes', [
  ...product(wants, { situations: only(all, 'a living key'), changes: without(CHANGES, ...usual) }),
  ...product(wants, {
    situations: only(all, 'a previous key whose overlap is over'),
    changes: without(
      CHANGES,
      ...usual,
      'it is verified',
      'it gets hooks',
      'its hooks go',
      'its secret goes to a program',
    ),
  }),
  ...product(wants, {
    situations: only(
      all,
      'a previous key in its overlap',
      'a leftover key',
      'a hook that failed',
      'an imported key',
    ),
    changes: only(CHANGES, ...elsewhere),
  }),
  ...product(wants, {
    situations: only(all, 'a leftover key', 'an imported key'),
    changes: only(
      CHANGES,
      'it is replaced by request',
      'nothing changes, without a refresh',
      'its secret goes into the state',
    ),
  }),
  ...product(wants, {
    situations: only(
      all,
      'an old key',
      'a previous key in its overlap',
      'an Inactive key',
      'a pair that was removed',
    ),
    changes: only(CHANGES, 'it is to be a month old', 'it has no overlap'),
  }),
  ...product(wants, {
    situations: only(all, 'a hook that failed', 'a hook that fails still'),
    changes: only(CHANGES, 'its hooks go', 'it has no overlap'),
  }),
  ...product(wants, {
    situations: only(
      all,
      'a living key',
      'an imported key whose pair is in place',
      'a previous key whose overlap is over',
    ),
    changes: FILE_CHANGES,
  }),
  ...product(wants, {
    situations: only(all, 'a pair that was removed', 'a previous key at another place whose overlap is over'),
    changes: only(
      FILE_CHANGES,
      'its path changes',
      'its format changes',
      'its default format is written out',
    ),
  }),
]);

pinned(
  'What is known only at apply',
  'unknown',
  product(wants, {
    situations: only(
      all,
      'a living key',
      'an imported key',
      'a previous key whose overlap is over',
      'a leftover key',
      'a pair that was removed',
    ),
    changes: UNKNOWNS,
  }),
);
