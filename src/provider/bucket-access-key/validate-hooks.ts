import type { Diagnostics, ObjectValue, Value } from '../../plugin/index.js';
import { integer, isObject, text } from '../values.js';

const LONGEST_SECONDS = 3600;
const ON_FAILURE = ['fail', 'continue'];

/** Refuses a hook that could never run; unknown values pass. */
export function validateHooks(hooks: Value | undefined, diagnostics: Diagnostics): void {
  if (!isObject(hooks)) return;
  for (const [event, hook] of Object.entries(hooks)) {
    if (isObject(hook)) validateHook(event, hook, diagnostics);
  }
}

function validateHook(event: string, hook: ObjectValue, diagnostics: Diagnostics): void {
  const refuse = (argument: string, problem: string, detail: string) => {
    diagnostics.error(`hooks.${event}.${argument} ${problem}`, `${detail} No key was made or deleted.`, [
      'hooks',
      event,
      argument,
    ]);
  };
  const { command } = hook;
  if (Array.isArray(command)) {
    const argv = command as readonly Value[];
    if (argv.length === 0 || text(argv[0])?.trim() === '') {
      refuse(
        'command',
        'names no program',
        'Give the program and its arguments as a list; no shell reads them.',
      );
    }
  }
  const onFailure = text(hook.on_failure);
  if (onFailure !== null && !ON_FAILURE.includes(onFailure)) {
    refuse('on_failure', `cannot be "${onFailure}"`, `Give one of ${ON_FAILURE.join(', ')}.`);
  }
  const seconds = integer(hook.timeout_seconds);
  if (seconds !== null && (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_SECONDS)) {
    refuse(
      'timeout_seconds',
      'is out of range',
      `It is ${seconds}; give a whole number of seconds from 1 to ${LONGEST_SECONDS}.`,
    );
  }
}
