import { LifecycleError, reasonOf } from '../../../../src/lifecycle/lifecycle-error.js';
import { afterCreateFailed, keptByHook } from '../../../../src/lifecycle/messages/hooks.js';
import type { Hooks } from '../../../../src/lifecycle/ports.js';
import { NO_HOOKS } from '../../../../src/provider/bucket-access-key/hooks.js';
import type { Process } from './process.js';

const BUCKET = 'uploads';

/** In the place of the author's programs, where the configuration names some: steps that can fail. */
export function hooksIn(process: Process, given: Hooks): Hooks {
  if (given === NO_HOOKS) return given;
  const { history } = process;
  return {
    created: (id) =>
      history
        .step(process, 'hook.created', () => void history.told.add(id))
        .then(
          () => null,
          (error: unknown) =>
            new LifecycleError(afterCreateFailed(BUCKET, id, reasonOf(error), false), { subject: 'hook' }),
        ),
    beforeDeletion: (id) =>
      history
        .step(process, 'hook.deletion', () => void history.forewarned.add(id))
        .catch((error: unknown) => {
          throw new LifecycleError(keptByHook(BUCKET, id, reasonOf(error)), { subject: 'hook' });
        }),
  };
}
