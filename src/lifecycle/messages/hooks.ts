import type { Message } from '../message.js';

/** `what` went wrong is a sentence. `continues`: its author wants no second try. */
export function afterCreateFailed(
  bucket: string,
  accessKeyId: string,
  what: string,
  continues: boolean,
): Message {
  const meaning = `${what} The key is good and its secret delivered, so it stays.`;
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `The after_create hook of key ${accessKeyId} of bucket ${bucket} failed`,
    meaning: continues
      ? `${meaning} The hook is not run again (on_failure = "continue").`
      : `${meaning} The next apply runs the hook again.`,
    remedy: { text: continues ? BY_HAND : 'Fix the program, then apply.' },
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

/** Under `create_before_destroy`: consumers have not been told of the key that has taken its place. */
export function keptForConsumers(bucket: string, accessKeyId: string, follower: string): Message {
  return {
    about: { bucket, keys: [accessKeyId, follower] },
    happened: `Key ${accessKeyId} of bucket ${bucket} was not deleted: the after_create hook of key ${follower} has failed`,
    meaning: 'Consumers may still use the old key, so it is alive and stays in the state.',
    remedy: {
      text: 'Fix the program, then apply again: that runs the hook of the new key, and deletes the old one.',
    },
  };
}

const BY_HAND = 'Do by hand what the hook should have done.';
