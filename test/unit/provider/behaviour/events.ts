import { BUCKET } from './arguments.js';
import type { Step } from './play.js';
import { pairOf } from './situations.js';
import type { Stage } from './stage.js';

export type Events = Readonly<Record<string, Step>>;

const refused =
  (operation: string, times: number | 'always' = 'always'): Step =>
  ({ emulator }) => {
    emulator.faults.add({
      kind: 'error',
      when: 'before',
      operation,
      type: 'AccessDeniedException',
      status: 403,
      message: 'You may not.',
      times,
    });
  };

/** As many as there is room for. */
const strangers =
  (most: number): Step =>
  (stage) => {
    if (!stage.emulator.buckets.includes(BUCKET)) return;
    for (let made = 0; made < most && stage.emulator.keys(BUCKET).length < 2; made++) stage.stranger();
  };

/** What is so when the plan is made. */
export const BEFORE: Events = {
  'beside nobody': () => undefined,
  "beside strangers' keys": strangers(2),
  'while the keys cannot be listed': refused('GetBucketAccessKeys'),
  'while keys cannot be created': refused('CreateBucketAccessKey'),
  'while keys cannot be deleted': refused('DeleteBucketAccessKey'),
  'in another region': (stage) => {
    stage.region = 'eu-west-1';
  },
  'in another account': (stage) => {
    stage.useOtherAccount();
  },
};

const ifThere = (
  attribute: 'current' | 'previous',
  work: (stage: Stage, id: string) => Promise<void> | void,
): Step => {
  return (stage) => {
    const name = attribute === 'current' ? 'access_key_id' : 'previous_access_key_id';
    const id = stage.core.state?.value[name];
    return typeof id === 'string' && stage.keyOf(id) ? work(stage, id) : undefined;
  };
};

/** The author's programs fail from now on. */
export const PROGRAMS: Events = {
  'all programs in order': () => undefined,
  'the after_create hook fails': (stage) => {
    stage.write('hook.after_create', '');
  },
  'the before_delete hook fails': (stage) => {
    stage.write('hook.before_delete', '');
  },
  'the store refuses': (stage) => {
    stage.write('store.refuses', '');
  },
};

/** What happens between the plan and its apply. */
export const MEANWHILE: Events = {
  'a stranger takes the free slot': strangers(1),
  'strangers take all slots': strangers(2),
  'the strangers leave': (stage) => {
    for (const { accessKeyId } of stage.emulator.keys(BUCKET)) {
      if (stage.names.of(accessKeyId).startsWith('S')) stage.emulator.deleteKey(BUCKET, accessKeyId);
    }
  },
  'the key is deleted outside': ifThere('current', ({ emulator }, id) => {
    emulator.deleteKey(BUCKET, id);
  }),
  'the key gets Inactive': ifThere('current', ({ emulator }, id) => {
    emulator.setStatus(BUCKET, id, 'Inactive');
  }),
  'the previous key is deleted outside': ifThere('previous', ({ emulator }, id) => {
    emulator.deleteKey(BUCKET, id);
  }),
  'the previous key is used': ifThere('previous', (stage, id) => stage.use(id)),
  'two days pass': (stage) => {
    stage.wait(48);
  },
  'the pair is removed': (stage) => {
    stage.remove('key.json');
  },
  'another value takes the place of the pair': (stage) => {
    stage.write('key.json', 'something else\n');
  },
  'the pair of the previous key is put back': ifThere('previous', (stage, id) => {
    pairOf(stage, id);
  }),
  'listing gets refused': refused('GetBucketAccessKeys'),
  'creating gets refused': refused('CreateBucketAccessKey'),
  'deleting gets refused': refused('DeleteBucketAccessKey'),
};
