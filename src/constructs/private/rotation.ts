import { Token } from 'cdktf';
import type { RotationProps } from '../bucket-access-key-props.js';
import { type Arguments, stringMap } from './arguments.js';
import { checkChoice, checkWholeNumber, type Problems } from './validation.js';

const DEFAULT_OVERLAP_HOURS = 24;
const LONGEST_DAYS = 3650;
const LONGEST_OVERLAP_HOURS = 8760;

export function rotationArguments(rotation: RotationProps): Arguments {
  const { afterDays, overlapHours, keepers, onStillUsed } = rotation;
  return {
    after_days: afterDays,
    overlap_hours: overlapHours,
    keepers: stringMap(keepers),
    on_still_used: onStillUsed,
  };
}

export function checkRotation(rotation: RotationProps | undefined): Problems {
  if (rotation === undefined) return [];
  const { afterDays, overlapHours, onStillUsed } = rotation;
  const ranges = [
    ...checkWholeNumber('rotation.afterDays', afterDays, { from: 1, to: LONGEST_DAYS, unit: 'days' }),
    ...checkWholeNumber('rotation.overlapHours', overlapHours, {
      from: 0,
      to: LONGEST_OVERLAP_HOURS,
      unit: 'hours',
    }),
  ];
  return [
    ...(ranges.length > 0 ? ranges : checkOverlap(afterDays, overlapHours)),
    ...checkChoice('rotation.onStillUsed', onStillUsed, ['block', 'retire']),
  ];
}

/** A bucket holds two keys: the one before has to be gone when the next one is due. */
function checkOverlap(days: number | undefined, hours = DEFAULT_OVERLAP_HOURS): Problems {
  if (days === undefined || Token.isUnresolved(days) || Token.isUnresolved(hours) || hours < days * 24)
    return [];
  return [
    `rotation.overlapHours is ${hours}, and the access key is due again after ${days * 24} hours: a bucket holds two ` +
      `keys, so the next one would find no room. Give fewer hours than that.`,
  ];
}
