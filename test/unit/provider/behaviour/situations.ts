import { isObject } from '../../../../src/plugin/index.js';
import { BUCKET, hooks, rotation, toFile } from './arguments.js';
import type { Step } from './play.js';
import type { Stage } from './stage.js';

/** How things stand when the author, or the next pipeline, comes along. All begin with a key but the first. */
export type Situations = Readonly<Record<string, Step>>;

const settled = async (stage: Stage): Promise<void> => {
  await stage.settle();
};

/** Makes a key, and a day later another one in its place. */
async function rotated(stage: Stage, hoursAfter = 0): Promise<void> {
  await stage.settle();
  stage.wait(24);
  rekey(stage, 'second');
  await stage.settle();
  stage.wait(hoursAfter);
}

export function rekey(stage: Stage, value: string): void {
  const before = stage.wants?.rotation;
  const kept = isObject(before) ? before : {};
  stage.change({ rotation: rotation({ ...kept, keepers: { is: value } }) });
}

export async function adopted(stage: Stage): Promise<void> {
  const key = stage.emulator.makeStrangerKey(BUCKET);
  stage.names.ours(key);
  await stage.core.import(`${BUCKET},${key.accessKeyId}`);
}

/** One for which the route does not matter. */
export const SITUATIONS: Situations = {
  'a living key': settled,
  'an old key': async (stage) => {
    await stage.settle();
    stage.wait(24 * 40);
  },
  'an Inactive key': async (stage) => {
    await stage.settle();
    stage.emulator.setStatus(BUCKET, stage.current, 'Inactive');
  },
  'a key deleted outside': async (stage) => {
    await stage.settle();
    stage.emulator.deleteKey(BUCKET, stage.current);
  },
  'a key whose bucket is gone': async (stage) => {
    await stage.settle();
    stage.emulator.deleteBucket(BUCKET);
  },
  'an imported key': adopted,
  'a previous key in its overlap': (stage) => rotated(stage, 1),
  'a previous key whose overlap is over': (stage) => rotated(stage, 25),
  'a previous key in use after its overlap': async (stage) => {
    await rotated(stage, 25);
    await stage.use(stage.previous);
  },
  'a previous key that is to go though in use': async (stage) => {
    await rotated(stage, 25);
    stage.change({ rotation: rotation({ keepers: { is: 'second' }, on_still_used: 'retire' }) });
    await stage.use(stage.previous);
  },
  'a previous key deleted outside': async (stage) => {
    await rotated(stage, 1);
    stage.emulator.deleteKey(BUCKET, stage.previous);
  },
  'an Inactive previous key': async (stage) => {
    await rotated(stage, 1);
    stage.emulator.setStatus(BUCKET, stage.previous, 'Inactive');
  },
  'an Inactive key beside a previous one': async (stage) => {
    await rotated(stage, 1);
    stage.emulator.setStatus(BUCKET, stage.current, 'Inactive');
  },
  'a key deleted outside beside a previous one': async (stage) => {
    await rotated(stage, 1);
    stage.emulator.deleteKey(BUCKET, stage.current);
  },
  'both keys deleted outside': async (stage) => {
    await rotated(stage, 1);
    stage.emulator.deleteKey(BUCKET, stage.current);
    stage.emulator.deleteKey(BUCKET, stage.previous);
  },
  'damaged private data': async (stage) => {
    await stage.settle();
    stage.core.damage();
  },
  'a leftover key': async (stage) => {
    await leftOver(stage);
    stage.emulator.faults.clear();
  },
  'a leftover key deleted outside': async (stage) => {
    const [leftover = ''] = await leftOver(stage);
    stage.emulator.faults.clear();
    stage.emulator.deleteKey(BUCKET, leftover);
  },
  'a hook that failed': async (stage) => {
    stage.write('hook.after_create', '');
    stage.change({ hooks: hooks(stage.path('hook')) });
    await stage.settle();
    stage.remove('hook.after_create');
  },
  'a hook that fails still': async (stage) => {
    stage.write('hook.after_create', '');
    stage.change({ hooks: hooks(stage.path('hook')) });
    await stage.settle();
  },
  'a hook that failed after a rotation': async (stage) => {
    stage.change({ hooks: hooks(stage.path('hook')) });
    await stage.settle();
    stage.write('hook.after_create', '');
    rekey(stage, 'second');
    await stage.settle();
    stage.remove('hook.after_create');
    stage.wait(25);
  },
};

/** Under programs that are to hear of every key. */
export const HOOKED: Situations = {
  'a key with hooks': async (stage) => {
    stage.change({ hooks: hooks(stage.path('hook')) });
    await stage.settle();
  },
  'a previous key with hooks whose overlap is over': async (stage) => {
    stage.change({ hooks: hooks(stage.path('hook')) });
    await rotated(stage, 25);
  },
  'a leftover key with hooks': async (stage) => {
    stage.change({ hooks: hooks(stage.path('hook')) });
    await leftOver(stage);
    stage.emulator.faults.clear();
  },
  'a key with hooks that may fail': async (stage) => {
    stage.change({ hooks: hooks(stage.path('hook'), { on_failure: 'continue' }) });
    await stage.settle();
  },
};

/** A rotation that could not delete its predecessor. */
async function leftOver(stage: Stage): Promise<string[]> {
  stage.change({ rotation: rotation({ overlap_hours: 0 }) });
  await stage.settle();
  const id = stage.current;
  rekey(stage, 'second');
  stage.emulator.faults.add({
    kind: 'error',
    when: 'before',
    operation: 'DeleteBucketAccessKey',
    type: 'AccessDeniedException',
    status: 403,
    times: 'always',
  });
  await stage.settle();
  return [id];
}

/** The pair's file is another one than the state has it. */
export const FILES: Situations = {
  'a pair that was removed': async (stage) => {
    await stage.settle();
    stage.remove('key.json');
  },
  'a pair with another secret': async (stage) => {
    await stage.settle();
    pairOf(stage, stage.current, 'a/secret+that/is+not/the+one+of/the+key+');
  },
  'another value in the place of the pair': async (stage) => {
    await stage.settle();
    stage.write('key.json', 'something else\n');
  },
  "a stranger's pair in the place of the pair": async (stage) => {
    await stage.settle();
    pairOf(stage, stage.stranger().accessKeyId);
  },
  'a torn journal': async (stage) => {
    await stage.settle();
    stage.tearJournal();
  },
  'an imported key whose pair is in place': async (stage) => {
    await adopted(stage);
    pairOf(stage, stage.current);
  },
  'a previous key whose pair was put back': async (stage) => {
    await rotated(stage, 1);
    pairOf(stage, stage.previous);
  },
  'a previous key whose pair was put back after the overlap': async (stage) => {
    await rotated(stage, 25);
    pairOf(stage, stage.previous);
  },
  'a previous key at another place': async (stage) => {
    await stage.settle();
    stage.change({ secret: toFile(stage.path('second.json')) });
    await stage.settle();
    stage.wait(1);
  },
  'a previous key at another place whose overlap is over': async (stage) => {
    await stage.settle();
    stage.change({ secret: toFile(stage.path('second.json')) });
    await stage.settle();
    stage.wait(25);
  },
};

export function pairOf(stage: Stage, accessKeyId: string, secret?: string): void {
  const key = stage.keyOf(accessKeyId);
  if (!key) throw new Error(`There is no key ${accessKeyId}.`);
  const pair = {
    accessKeyId,
    secretAccessKey: secret ?? key.secretAccessKey,
    bucketName: BUCKET,
    region: stage.emulator.region,
    createdAt: key.createdAt.toISOString(),
  };
  stage.write('key.json', `${JSON.stringify(pair, null, 2)}\n`);
}
