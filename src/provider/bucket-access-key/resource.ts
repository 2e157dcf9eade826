import {
  AFTER_DAYS,
  DEFAULTS,
  HOOK_SECONDS,
  isOverlapTooLong,
  isWithin,
  ON_FAILURE,
  ON_STILL_USED,
  OVERLAP_HOURS,
  span,
  VERIFY_SECONDS,
} from '../../contract/limits.js';
import type { Diagnostics, ManagedResource, ObjectValue, Value } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { validateBucketName, validateDestination } from '../shared-arguments.js';
import { integer, isObject, text } from '../values.js';
import { bucketAccessKeySchema } from './schema.js';

const work = () => import('../work.js');

/**
 * `declarations`: gets every configuration that is validated, which Terraform does once for each instance. Where they
 * lead is asked by plans alone: validating has to start fast.
 */
export function bucketAccessKey(declarations: ObjectValue[]): ManagedResource<Session> {
  return {
    schema: bucketAccessKeySchema,
    validate(config, { diagnostics }) {
      declarations.push(config);
      validateBucketName(config.bucket_name, ['bucket_name'], diagnostics);
      validateDestination(config.secret, diagnostics);
      validateRotation(config.rotation, diagnostics);
      validateHooks(config.hooks, diagnostics);
      validateVerification(config.verify_timeout_seconds, diagnostics);
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
}

type Refuse = (argument: string, problem: string, detail: string) => void;

/** Refuses a rotation that cannot be; unknown values pass. */
function validateRotation(rotation: Value | undefined, diagnostics: Diagnostics): void {
  if (!isObject(rotation)) return;
  const refuse: Refuse = (argument, problem, detail) => {
    diagnostics.error(`rotation.${argument} ${problem}`, `${detail} No key was made, replaced or deleted.`, [
      'rotation',
      argument,
    ]);
  };
  const days = integer(rotation.after_days);
  const hours = integer(rotation.overlap_hours);
  if (days !== null && !isWithin(AFTER_DAYS, days)) {
    refuse(
      'after_days',
      'is out of range',
      `It is ${days}; give a whole number of days from ${span(AFTER_DAYS)}.`,
    );
  } else if (hours !== null && !isWithin(OVERLAP_HOURS, hours)) {
    refuse(
      'overlap_hours',
      'is out of range',
      `It is ${hours}; give a whole number of hours from ${span(OVERLAP_HOURS)}.`,
    );
  } else {
    refuseLongOverlap(rotation, refuse);
  }
  const onStillUsed = text(rotation.on_still_used);
  if (onStillUsed !== null && !ON_STILL_USED.some((known) => known === onStillUsed)) {
    refuse('on_still_used', `cannot be "${onStillUsed}"`, `Give one of ${ON_STILL_USED.join(', ')}.`);
  }
}

/** A bucket has two slots: the key before has to be gone when the next rotation is due. */
function refuseLongOverlap({ after_days, overlap_hours }: ObjectValue, refuse: Refuse): void {
  const days = integer(after_days);
  const hours = overlap_hours === null ? DEFAULTS.overlapHours : integer(overlap_hours);
  if (days === null || hours === null || !isOverlapTooLong(days, hours)) return;
  refuse(
    'overlap_hours',
    'is not shorter than rotation.after_days',
    `It is ${hours}${overlap_hours === null ? ' by default' : ''}, and the key is due again after ${days * 24} h: a bucket holds two keys, so the next one would find no room. Give fewer than ${days * 24} hours.`,
  );
}

function validateVerification(timeout: Value | undefined, diagnostics: Diagnostics): void {
  const seconds = integer(timeout);
  if (seconds === null || isWithin(VERIFY_SECONDS, seconds)) return;
  diagnostics.error(
    'verify_timeout_seconds is out of range',
    `It is ${seconds}, and no key was made. Give a whole number of seconds from ${span(VERIFY_SECONDS)}.`,
    ['verify_timeout_seconds'],
  );
}

/** Refuses a hook that could never run; unknown values pass. */
function validateHooks(hooks: Value | undefined, diagnostics: Diagnostics): void {
  if (!isObject(hooks)) return;
  for (const [event, hook] of Object.entries(hooks)) {
    if (isObject(hook)) validateHook(event, hook, diagnostics);
  }
}

function validateHook(event: string, hook: ObjectValue, diagnostics: Diagnostics): void {
  const refuse: Refuse = (argument, problem, detail) => {
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
  if (onFailure !== null && !ON_FAILURE.some((known) => known === onFailure)) {
    refuse('on_failure', `cannot be "${onFailure}"`, `Give one of ${ON_FAILURE.join(', ')}.`);
  }
  const seconds = integer(hook.timeout_seconds);
  if (seconds !== null && !isWithin(HOOK_SECONDS, seconds)) {
    refuse(
      'timeout_seconds',
      'is out of range',
      `It is ${seconds}; give a whole number of seconds from ${span(HOOK_SECONDS)}.`,
    );
  }
}
