import { toFile } from './arguments.js';
import { CHANGES, UNKNOWNS } from './changes.js';
import { BEFORE, MEANWHILE } from './events.js';
import { only, product, without } from './product.js';
import { FILES, SITUATIONS } from './situations.js';
import { pinned } from './suite.js';

const wants = (folder: string) => ({ secret: toFile(`${folder}/key.json`) });
const all = { ...SITUATIONS, ...FILES };
const befallen = without(BEFORE, 'beside nobody');
const unchanged = only(CHANGES, 'nothing changes');
const rotated = only(CHANGES, 'its keepers change');

pinned('Whatever befalls the bucket before a plan', 'bucket', [
  ...product(wants, {
    situations: only(
      all,
      'a living key',
      'an Inactive key',
      'a key deleted outside',
      'a previous key whose overlap is over',
      'a leftover key',
      'an imported key',
      'a pair that was removed',
    ),
    changes: unchanged,
    before: befallen,
  }),
  ...product(wants, {
    situations: only(all, 'a living key', 'an Inactive key', 'a previous key in its overlap'),
    changes: rotated,
    before: befallen,
  }),
  ...product(wants, {
    situations: only(all, 'a living key', 'a previous key in its overlap'),
    changes: only(CHANGES, 'it is no longer wanted'),
    before: befallen,
  }),
  ...product(wants, {
    situations: only(all, 'damaged private data'),
    changes: only(CHANGES, 'nothing changes, without a refresh', 'it is no longer wanted, without a refresh'),
    before: befallen,
  }),
  ...product(wants, {
    situations: only(all, 'an old key', 'an imported key whose pair is in place', 'a pair that was removed'),
    changes: only(CHANGES, 'it is to be a month old', 'it is exclusive'),
    before: only(BEFORE, "beside strangers' keys"),
  }),
  ...product(wants, {
    situations: only(all, 'a living key', 'an imported key', 'a pair that was removed'),
    changes: UNKNOWNS,
    before: only(BEFORE, "beside strangers' keys"),
  }),
]);

pinned('Whatever happens between a plan and its apply', 'meanwhile', [
  ...product(wants, {
    situations: only(all, 'a living key'),
    changes: rotated,
    meanwhile: without(
      MEANWHILE,
      'the strangers leave',
      'the previous key is used',
      'the previous key is deleted outside',
      'the pair of the previous key is put back',
    ),
  }),
  ...product(wants, {
    situations: only(all, 'a previous key whose overlap is over'),
    changes: unchanged,
    meanwhile: without(
      MEANWHILE,
      'the strangers leave',
      'a stranger takes the free slot',
      'strangers take all slots',
    ),
  }),
  ...product(wants, {
    situations: only(
      all,
      'a leftover key',
      'a pair that was removed',
      'an imported key',
      'an imported key whose pair is in place',
    ),
    changes: unchanged,
    meanwhile: only(
      MEANWHILE,
      'strangers take all slots',
      'the key is deleted outside',
      'the key gets Inactive',
      'another value takes the place of the pair',
      'the pair is removed',
      'deleting gets refused',
      'creating gets refused',
    ),
  }),
  ...product(wants, {
    situations: only(
      all,
      'a key deleted outside',
      'an Inactive key',
      'a key deleted outside beside a previous one',
    ),
    changes: unchanged,
    meanwhile: only(
      MEANWHILE,
      'strangers take all slots',
      'the previous key is deleted outside',
      'creating gets refused',
    ),
  }),
  ...product(wants, {
    situations: only(all, 'a living key', 'a pair that was removed', 'an imported key', 'an old key'),
    changes: only(CHANGES, 'nothing changes', 'it is to be a month old', 'it is exclusive'),
    before: only(BEFORE, "beside strangers' keys"),
    meanwhile: only(MEANWHILE, 'the strangers leave'),
  }),
  ...product(wants, {
    situations: only(all, 'an imported key whose pair is in place'),
    changes: only(CHANGES, 'nothing changes, on Terraform 1.16'),
    meanwhile: only(MEANWHILE, 'the pair is removed', 'another value takes the place of the pair'),
  }),
]);
