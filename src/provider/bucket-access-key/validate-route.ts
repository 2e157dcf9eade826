import { invalidRecipient } from '../../destinations/age/recipient.js';
import { TIERS } from '../../destinations/destination-choice.js';
import { FORMATS } from '../../destinations/formats.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { Diagnostics, ObjectValue, Path, Value } from '../../plugin/index.js';
import { isObject, text } from '../values.js';

/** Refuses a `secret` that names no destination, several, or one that cannot be. */
export function validateRoute(secret: Value | undefined, diagnostics: Diagnostics): void {
  if (!isObject(secret)) return;
  const refuse: Refuse = (summary, detail, path = []) => {
    diagnostics.error(summary, `${detail} No key was made.`, ['secret', ...path]);
  };
  const members = Object.entries(secret);
  const named = members.filter(([, value]) => value !== null && value !== UNKNOWN).map(([name]) => name);
  const all = members.map(([name]) => name).join(', ');
  if (named.length > 1) {
    refuse(
      `secret names ${named.length} destinations: ${named.join(' and ')}`,
      `A key's secret is shown once and goes to exactly one place. Keep one of ${all}.`,
    );
  }
  if (named.length === 0 && !members.some(([, value]) => value === UNKNOWN)) {
    refuse(
      'secret names no destination',
      `A key whose secret goes nowhere could never be used. Give exactly one of ${all}.`,
    );
  }
  for (const [name, member] of members) if (isObject(member)) validateMember(name, member, refuse);
}

/** `path` leads on from `secret`. */
type Refuse = (summary: string, detail: string, path?: Path) => void;

function validateMember(name: string, member: ObjectValue, refuse: Refuse): void {
  for (const [argument, value] of Object.entries(member)) {
    const where = `secret.${name}.${argument}`;
    const refuseHere = (summary: string, detail: string, element?: number) => {
      refuse(`${where} ${summary}`, detail, [name, argument, ...(element === undefined ? [] : [element])]);
    };
    if (text(value)?.trim() === '')
      refuseHere('is empty', 'Give a value, or leave it out where it is optional.');
    if (Array.isArray(value) && value.length === 0)
      refuseHere('is an empty list', 'Give at least one element, or leave it out where it is optional.');
    if (argument === 'format') oneOf(value, FORMATS, refuseHere);
    if (argument === 'tier') oneOf(value, TIERS, refuseHere);
    if (argument === 'age_recipients') validateRecipients(value, refuseHere);
  }
}

/** `summary` follows the argument's name. */
type RefuseHere = (summary: string, detail: string, element?: number) => void;

function oneOf(value: Value, allowed: readonly string[], refuse: RefuseHere): void {
  const given = text(value);
  if (given !== null && given.trim() !== '' && !allowed.includes(given)) {
    refuse(`cannot be "${given}"`, `Give one of ${allowed.join(', ')}.`);
  }
}

function validateRecipients(value: Value, refuse: RefuseHere): void {
  if (!Array.isArray(value)) return;
  for (const [index, recipient] of (value as readonly Value[]).entries()) {
    const problem = typeof recipient === 'string' ? invalidRecipient(recipient) : null;
    if (problem) refuse('holds something that is no recipient', problem, index);
  }
}
