import type { HookProps, HooksProps } from '../bucket-access-key-props.js';
import type { Arguments } from './arguments.js';
import { checkChoice, checkProgram, checkWholeNumber, type Problems } from './validation.js';

const UNTOLD = { otherwise: 'nobody would be told of the access key', example: '["./restart.sh", "--now"]' };

export function hooksArguments({ afterCreate, beforeDelete }: HooksProps): Arguments {
  return {
    after_create: afterCreate && hookArguments(afterCreate),
    before_delete: beforeDelete && hookArguments(beforeDelete),
  };
}

function hookArguments({ command, onFailure, timeoutSeconds }: HookProps): Arguments {
  return { command, on_failure: onFailure, timeout_seconds: timeoutSeconds };
}

export function checkHooks({ afterCreate, beforeDelete }: HooksProps = {}): Problems {
  return [...checkHook('hooks.afterCreate', afterCreate), ...checkHook('hooks.beforeDelete', beforeDelete)];
}

function checkHook(name: string, hook: HookProps | undefined): Problems {
  if (hook === undefined) return [];
  return [
    ...checkProgram(`${name}.command`, hook.command, UNTOLD),
    ...checkChoice(`${name}.onFailure`, hook.onFailure, ['fail', 'continue']),
    ...checkWholeNumber(`${name}.timeoutSeconds`, hook.timeoutSeconds, {
      from: 1,
      to: 3600,
      unit: 'seconds',
    }),
  ];
}
