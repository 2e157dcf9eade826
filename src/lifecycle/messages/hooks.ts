import type { Message } from '../message.js';

/** `what` went wrong is a sentence. `goesOn`: its author wants no second try. */
export function afterCreateFailed(
  bucket: string,
  accessKeyId: string,
  what: string,
  goesOn: boolean,
): Message {
  const meaning = `${what} The key is good and its secret delivered, so it stays.`;
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `The after_create hook of key ${accessKeyId} of bucket ${bucket} failed`,
    meaning: goesOn
      ? `${meaning} The hook is not run again (on_failure = "continue").`
      : `${meaning} The next apply runs the hook again.`,
    remedy: { text: goesOn ? BY_HAND : 'Fix the program, then apply.' },
  };
}

export function keptByHook(bucket: string, accessKeyId: string, what: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} was not deleted: its before_delete hook failed`,
    meaning: `${what} The key is alive and stays in the state.`,
    remedy: {
      text: 'Fix the program, then apply again. A destroy runs the hook that the last apply had.',
    },
  };
}

export function beforeDeleteFailed(bucket: string, accessKeyId: string, what: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `The before_delete hook of key ${accessKeyId} of bucket ${bucket} failed`,
    meaning: `${what} The key is deleted all the same (on_failure = "continue").`,
    remedy: { text: BY_HAND },
  };
}

const BY_HAND = 'Do by hand what the hook should have done.';
