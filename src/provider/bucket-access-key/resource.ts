import type { ManagedResource } from '../../plugin/index.js';
import { validateBucketName } from '../bucket-name.js';
import type { Session } from '../session.js';
import { integer } from '../values.js';
import { noteDeclared } from './declarations.js';
import { bucketAccessKeySchema } from './schema.js';
import { validateHooks } from './validate-hooks.js';
import { validateRotation } from './validate-rotation.js';
import { validateRoute } from './validate-route.js';

const LONGEST_VERIFY_SECONDS = 3600;

const work = () => import('../work.js');

export const bucketAccessKey: ManagedResource<Session> = {
  schema: bucketAccessKeySchema,
  validate(config, { diagnostics }) {
    noteDeclared(config);
    validateBucketName(config.bucket_name, ['bucket_name'], diagnostics);
    validateRoute(config.secret, diagnostics);
    validateRotation(config.rotation, diagnostics);
    validateHooks(config.hooks, diagnostics);
    const seconds = integer(config.verify_timeout_seconds);
    if (seconds !== null && (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_VERIFY_SECONDS)) {
      diagnostics.error(
        'verify_timeout_seconds is out of range',
        `It is ${seconds}, and no key was made. Give a whole number of seconds from 1 to ${LONGEST_VERIFY_SECONDS}.`,
        ['verify_timeout_seconds'],
      );
    }
  },
  read: async (...call) => (await work()).readKey(...call),
  plan: async (...call) => (await work()).planKey(...call),
  planDestroy: async (...call) => (await work()).planRemoval(...call),
  create: async (...call) => (await work()).createKey(...call),
  update: async (...call) => (await work()).updateKey(...call),
  delete: async (...call) => (await work()).deleteKey(...call),
  import: async (...call) => (await work()).importKey(...call),
  move: async (...call) => (await work()).moveKey(...call),
};
