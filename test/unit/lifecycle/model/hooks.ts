import { LifecycleError, reasonOf } from '../../../../src/lifecycle/lifecycle-error.js';
import type { Hooks } from '../../../../src/lifecycle/ports.js';
import { NO_HOOKS } from '../../../../src/provider/bucket-access-key/hooks.js';
import type { Process } from './process.js';

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
            new LifecycleError(`The after_create hook of key ${id} failed`, reasonOf(error), {
              subject: 'hook',
            }),
        ),
    beforeDeletion: (id) =>
      history
        .step(process, 'hook.deletion', () => void history.forewarned.add(id))
        .catch((error: unknown) => {
          throw new LifecycleError(`The before_delete hook of key ${id} failed`, reasonOf(error), {
            subject: 'hook',
          });
        }),
  };
}
