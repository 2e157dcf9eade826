import type { ManagedResource } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { validateBucketName } from '../bucket-name.js';
import { integer } from '../values.js';
import { createKey, deleteKey, updateKey } from './apply.js';
import { planKey } from './plan.js';
import { readKey } from './read.js';
import { validateRoute } from './route.js';
import { bucketAccessKeySchema } from './schema.js';

const LONGEST_VERIFY_SECONDS = 3600;

export const bucketAccessKey: ManagedResource<Session> = {
  schema: bucketAccessKeySchema,
  validate(config, { diagnostics }) {
    validateBucketName(config.bucket_name, ['bucket_name'], diagnostics);
    validateRoute(config.secret, diagnostics);
    const seconds = integer(config.verify_timeout_seconds);
    if (seconds !== null && (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_VERIFY_SECONDS)) {
      diagnostics.error(
        'verify_timeout_seconds is out of range',
        `It is ${seconds}, and no key was made. Give a whole number of seconds from 1 to ${LONGEST_VERIFY_SECONDS}.`,
        ['verify_timeout_seconds'],
      );
    }
  },
  read: readKey,
  plan: planKey,
  create: createKey,
  update: updateKey,
  delete: deleteKey,
};
