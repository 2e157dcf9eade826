import { DEFAULT_OVERLAP_HOURS } from '../../lifecycle/rotation-policy.js';
import type { Diagnostics, ObjectValue, Value } from '../../plugin/index.js';
import { integer, isObject, text } from '../values.js';

const LONGEST_DAYS = 3650;
const LONGEST_OVERLAP_HOURS = 8760;
const ON_STILL_USED = ['block', 'retire'];

type Refuse = (argument: string, problem: string, detail: string) => void;

/** Refuses a rotation that cannot be; unknown values pass. */
export function validateRotation(rotation: Value | undefined, diagnostics: Diagnostics): void {
  if (!isObject(rotation)) return;
  const refuse: Refuse = (argument, problem, detail) => {
    diagnostics.error(`rotation.${argument} ${problem}`, `${detail} No key was made, replaced or deleted.`, [
      'rotation',
      argument,
    ]);
  };
  const days = integer(rotation.after_days);
  const hours = integer(rotation.overlap_hours);
  if (days !== null && !isWithin(days, 1, LONGEST_DAYS)) {
    refuse(
      'after_days',
      'is out of range',
      `It is ${days}; give a whole number of days from 1 to ${LONGEST_DAYS}.`,
    );
  } else if (hours !== null && !isWithin(hours, 0, LONGEST_OVERLAP_HOURS)) {
    refuse(
      'overlap_hours',
      'is out of range',
      `It is ${hours}; give a whole number of hours from 0 to ${LONGEST_OVERLAP_HOURS}.`,
    );
  } else {
    refuseLongOverlap(rotation, refuse);
  }
  const onStillUsed = text(rotation.on_still_used);
  if (onStillUsed !== null && !ON_STILL_USED.includes(onStillUsed)) {
    refuse('on_still_used', `cannot be "${onStillUsed}"`, `Give one of ${ON_STILL_USED.join(', ')}.`);
  }
}

/** A bucket has two slots: the key before has to be gone when the next rotation is due. */
function refuseLongOverlap({ after_days, overlap_hours }: ObjectValue, refuse: Refuse): void {
  const days = integer(after_days);
  const hours = overlap_hours === null ? DEFAULT_OVERLAP_HOURS : integer(overlap_hours);
  if (days === null || hours === null || hours < days * 24) return;
  refuse(
    'overlap_hours',
    'is not shorter than rotation.after_days',
    `It is ${hours}${overlap_hours === null ? ' by default' : ''}, and the key is due again after ${days * 24} h: a bucket holds two keys, so the next one would find no room. Give fewer than ${days * 24} hours.`,
  );
}

function isWithin(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}
