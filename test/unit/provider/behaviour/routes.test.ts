import { toCommand, toFile, toOutput } from './arguments.js';
import { CHANGES, RECIPIENT } from './changes.js';
import { CREATIONS } from './creations.js';
import { BEFORE, MEANWHILE, PROGRAMS } from './events.js';
import { only, product, without } from './product.js';
import { HOOKED, SITUATIONS } from './situations.js';
import { pinned } from './suite.js';

const toState = () => ({ secret: toOutput() });
const toProgram = (folder: string) => ({ secret: toCommand(`${folder}/store`) });
const toPath = (folder: string) => ({ secret: toFile(`${folder}/key.json`) });
const sealed = () => ({ secret: toOutput([RECIPIENT]) });

const situations = only(
  SITUATIONS,
  'a living key',
  'an Inactive key',
  'a key deleted outside',
  'an imported key',
  'a previous key in its overlap',
  'a previous key whose overlap is over',
  'a key deleted outside beside a previous one',
  'a leftover key',
  'a hook that failed',
);
const changes = only(CHANGES, 'nothing changes', 'its keepers change');
const others = only(
  CHANGES,
  'it is of another bucket, created before the old one goes',
  'it is no longer wanted',
  'its secret goes into the state',
  'its secret goes to a program',
);

pinned('A key whose secret is in the state', 'output', [
  ...product(toState, { situations, changes }),
  ...product(toState, { situations: only(SITUATIONS, 'a living key'), changes: others }),
]);
pinned(
  'A key whose secret is sealed in the state',
  'sealed',
  product(sealed, { situations: only(SITUATIONS, 'a living key'), changes }),
);
pinned('A key whose secret goes to a program', 'command', [
  ...product(toProgram, { situations, changes }),
  ...product(toProgram, { situations: only(SITUATIONS, 'a living key'), changes: others }),
]);

const programs = without(PROGRAMS, 'the store refuses');
const destroyed = only(CHANGES, 'it is no longer wanted');

pinned('A key whose author wants to hear of it', 'hooks', [
  ...product(toPath, { situations: HOOKED, changes: { ...changes, ...destroyed }, meanwhile: programs }),
  ...product(toPath, {
    situations: only(SITUATIONS, 'a hook that failed', 'a hook that failed after a rotation'),
    changes: { ...changes, ...destroyed },
    meanwhile: programs,
  }),
  ...product(toProgram, {
    situations: only(SITUATIONS, 'a living key', 'a leftover key', 'a previous key whose overlap is over'),
    changes: { ...changes, ...destroyed },
    meanwhile: only(PROGRAMS, 'the store refuses'),
  }),
]);

const first = { 'a first key': () => undefined };

pinned('A first key', 'creation', [
  ...product(toPath, { situations: first, changes: CREATIONS }),
  ...product(toPath, { situations: first, before: without(BEFORE, 'beside nobody') }),
  ...product(toPath, {
    situations: first,
    meanwhile: only(
      MEANWHILE,
      'a stranger takes the free slot',
      'strangers take all slots',
      'another value takes the place of the pair',
      'listing gets refused',
      'creating gets refused',
    ),
  }),
]);
