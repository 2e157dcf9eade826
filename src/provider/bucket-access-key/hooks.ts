import { DEFAULTS } from '../../contract/limits.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { afterCreateFailed, beforeDeleteFailed, keptByHook } from '../../lifecycle/messages/hooks.js';
import type { Hooks } from '../../lifecycle/ports.js';
import type { CallContext, ObjectValue, Value } from '../../plugin/index.js';
import { failureOf, missingProgram, programEnvironment, runProgram } from '../../program/run-program.js';
import { withoutSecretLike } from '../../secret/redactor.js';
import { tell } from '../tell.js';
import { integer, isObject, strings, text } from '../values.js';

export const NO_HOOKS: Hooks = {
  created: () => Promise.resolve(null),
  beforeDeletion: () => Promise.resolve(),
};

const GRACE_MILLISECONDS = 5_000;

const EVENTS = ['after_create', 'before_delete'] as const;
type Event = (typeof EVENTS)[number];

interface Hook {
  readonly command: readonly string[];
  readonly continues: boolean;
  readonly milliseconds: number;
}

/** What went wrong, and whether the author wants the work to go on all the same. */
interface Failure {
  readonly what: string;
  readonly continues: boolean;
}

interface HookSurroundings {
  /** The state of the keys, where there is one: it says where the pair of its current key is. */
  readonly state?: ObjectValue | undefined;
  readonly redact: (text: string) => string;
  readonly context: CallContext;
}

/**
 * The author's programs for the keys of one resource, by its argument `hooks`: the planned one where there is a plan,
 * so that a hook that was fixed in the configuration works for the very key that waits for it; the state's at destroy.
 */
export function hooksOf({ bucket_name, hooks }: ObjectValue, around: HookSurroundings): Hooks {
  if (!isObject(hooks)) return NO_HOOKS;
  const { context } = around;
  const bucket = text(bucket_name) ?? '';
  const fails = (event: Event, accessKeyId: string, reference: string | null) =>
    failure(hookIn(hooks[event]), around, {
      LIGHTSAIL_EVENT: event,
      LIGHTSAIL_BUCKET: bucket,
      LIGHTSAIL_ACCESS_KEY_ID: accessKeyId,
      LIGHTSAIL_SECRET_REFERENCE: reference ?? '',
    });

  return {
    async created(accessKeyId, reference) {
      const failed = await fails('after_create', accessKeyId, reference);
      if (!failed) return null;
      const said = afterCreateFailed(bucket, accessKeyId, failed.what, failed.continues);
      if (!failed.continues) return new LifecycleError(said, { subject: 'hook' });
      tell(context, 'warning', said, ['hooks']);
      return null;
    },

    async beforeDeletion(accessKeyId) {
      const failed = await fails('before_delete', accessKeyId, referenceOf(accessKeyId, around.state));
      if (!failed) return;
      if (!failed.continues) {
        throw new LifecycleError(keptByHook(bucket, accessKeyId, failed.what), { subject: 'hook' });
      }
      tell(context, 'warning', beforeDeleteFailed(bucket, accessKeyId, failed.what), ['hooks']);
    },
  };
}

function hookIn(value: Value | undefined): Hook | null {
  if (!isObject(value)) return null;
  return {
    command: strings(value.command) ?? [],
    continues: value.on_failure === 'continue',
    milliseconds: 1000 * (integer(value.timeout_seconds) ?? DEFAULTS.hookSeconds),
  };
}

/** A hook's program that this machine does not have. */
interface MissingProgram {
  readonly event: Event;
  readonly program: string;
  /** As the end of a sentence that begins with the program. */
  readonly reason: string;
}

/** A program that is not known yet is left to the apply. */
export async function missingPrograms({ hooks }: ObjectValue): Promise<readonly MissingProgram[]> {
  if (!isObject(hooks)) return [];
  const looked = EVENTS.map(async (event) => {
    const hook = hooks[event];
    const argv = isObject(hook) ? hook.command : null;
    const program = Array.isArray(argv) ? text(argv[0] as Value) : null;
    const reason = program === null ? null : await missingProgram(program);
    return program === null || reason === null ? [] : [{ event, program, reason }];
  });
  return (await Promise.all(looked)).flat();
}

/** Of a key that is not the current one nobody can say where its pair is: another one has taken its place there. */
function referenceOf(accessKeyId: string, state: ObjectValue | undefined): string | null {
  return state?.access_key_id === accessKeyId ? text(state.secret_reference) : null;
}

/** Null when the hook did its work, or there is none. */
async function failure(
  hook: Hook | null,
  { context, redact }: HookSurroundings,
  facts: Readonly<Record<string, string>>,
): Promise<Failure | null> {
  if (!hook) return null;
  const { command, milliseconds } = hook;
  const { signal, log } = context;
  // After a stop nothing goes on: the hook's work is still to be done.
  if (signal.aborted) return { what: 'Terraform was interrupted before the hook ran.', continues: false };
  const [program = ''] = command;
  const reason = await missingProgram(program);
  if (reason) return { what: `The program "${program}" ${reason}.`, continues: hook.continues };

  log.info('Running a hook', { program, timeout_ms: milliseconds, ...facts });
  const limits = { milliseconds, graceMilliseconds: GRACE_MILLISECONDS };
  const env = { ...programEnvironment(), ...facts };
  const ending = await runProgram(command, limits, { env, stop: signal });
  log.info('A hook has ended', { program, ended: ending.ended, status: ending.status, ...facts });
  const clean = (said: string) => withoutSecretLike(redact(said));
  const what = failureOf(command, ending, { limits, redact: clean });
  return what === null ? null : { what, continues: hook.continues && ending.ended !== 'stopped' };
}
