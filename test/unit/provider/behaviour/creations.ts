import { BUCKET, hooks, rotation, toCommand, toFile, toOutput } from './arguments.js';
import { RECIPIENT } from './changes.js';
import type { Changes } from './changes.js';
import type { Stage } from './stage.js';
import { UNKNOWN } from '../../../support/terraform-core/values.js';

const unanswered = ({ emulator }: Stage) => {
  emulator.faults.add({ kind: 'drop', when: 'after', operation: 'CreateBucketAccessKey' });
};

/** Ways in which a resource gets its first key, or none. */
export const CREATIONS: Changes = {
  'into a file': () => undefined,
  'into the state': (stage) => {
    stage.change({ secret: toOutput() });
  },
  'sealed into the state': (stage) => {
    stage.change({ secret: toOutput([RECIPIENT]) });
  },
  'to a program': (stage) => {
    stage.change({ secret: toCommand(stage.path('store')) });
  },
  'to a program that fails': (stage) => {
    stage.write('store.refuses', '');
    stage.change({ secret: toCommand(stage.path('store')) });
  },
  'to a program that fails, and the key cannot be deleted': (stage) => {
    stage.write('store.refuses', '');
    stage.change({ secret: toCommand(stage.path('store')) });
    stage.emulator.faults.add({
      kind: 'error',
      when: 'before',
      operation: 'DeleteBucketAccessKey',
      type: 'AccessDeniedException',
      status: 403,
      times: 'always',
    });
  },
  'to a program that does not exist': (stage) => {
    stage.change({
      secret: toCommand(stage.path('store'), { write: ['/nonexistent/program'], delete: null }),
    });
  },
  'to a store that is not known yet': (stage) => {
    stage.known = stage.wants;
    stage.change({ secret: UNKNOWN });
  },
  'to a path that is not known yet, beside strangers': (stage) => {
    stage.known = stage.wants;
    stage.change({ secret: toFile(UNKNOWN) });
    stage.stranger();
    stage.stranger();
  },
  'in a folder that does not exist': (stage) => {
    stage.change({ secret: toFile(stage.path('nowhere/key.json')) });
  },
  'where another value is': (stage) => {
    stage.write('key.json', 'something else\n');
  },
  'with a bucket that does not exist': (stage) => {
    stage.change({ bucket_name: 'nobodys' });
  },
  'with a bucket that is not known yet': (stage) => {
    stage.known = stage.wants;
    stage.change({ bucket_name: UNKNOWN });
  },
  'verified by S3': (stage) => {
    stage.change({ verify: true });
  },
  'with hooks': (stage) => {
    stage.change({ hooks: hooks(stage.path('hook')) });
  },
  'with a hook that fails': (stage) => {
    stage.write('hook.after_create', '');
    stage.change({ hooks: hooks(stage.path('hook')) });
  },
  'with a hook that may fail': (stage) => {
    stage.write('hook.after_create', '');
    stage.change({ hooks: hooks(stage.path('hook'), { on_failure: 'continue' }) });
  },
  'with rotation': (stage) => {
    stage.change({ rotation: rotation({ after_days: 30, overlap_hours: 48, keepers: { is: 'first' } }) });
  },
  'with empty keepers': (stage) => {
    stage.change({ rotation: rotation({ keepers: {} }) });
  },
  'by a call that gets no answer': unanswered,
  'by a call that gets no answer, exclusive': (stage) => {
    stage.change({ exclusive: true });
    unanswered(stage);
  },
  'with an overlap that is too long': (stage) => {
    stage.change({ rotation: rotation({ after_days: 1 }) });
  },
  'of a bucket with no such name': (stage) => {
    stage.change({ bucket_name: `${BUCKET}_` });
  },
  'with no destination': (stage) => {
    stage.change({ secret: { ...toOutput(), terraform_output: null } });
  },
};
