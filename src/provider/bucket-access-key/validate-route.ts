import { invalidRecipient } from '../../destinations/age/recipient.js';
import { TIERS } from '../../destinations/destination-choice.js';
import { FORMATS } from '../../destinations/formats.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { Diagnostics, ObjectValue, Value } from '../../plugin/index.js';
import { isObject, text } from '../values.js';

/** Refuses a `secret` that names no destination, several, or one that cannot be. */
export function validateRoute(secret: Value | undefined, diagnostics: Diagnostics): void {
  if (!isObject(secret)) return;
  const refuse = (summary: string, detail: string) => {
    diagnostics.error(summary, `${detail} No key was made.`, ['secret']);
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

type Refuse = (summary: string, detail: string) => void;

function validateMember(name: string, member: ObjectValue, refuse: Refuse): void {
  for (const [argument, value] of Object.entries(member)) {
    const where = `secret.${name}.${argument}`;
    if (text(value)?.trim() === '')
      refuse(`${where} is empty`, 'Give a value, or leave it out where it is optional.');
    if (Array.isArray(value) && value.length === 0)
      refuse(`${where} is an empty list`, 'Give at least one element, or leave it out where it is optional.');
    if (argument === 'format') oneOf(where, value, FORMATS, refuse);
    if (argument === 'tier') oneOf(where, value, TIERS, refuse);
    if (argument === 'age_recipients') validateRecipients(where, value, refuse);
  }
}

function oneOf(where: string, value: Value, allowed: readonly string[], refuse: Refuse): void {
  const given = text(value);
  if (given !== null && given.trim() !== '' && !allowed.includes(given)) {
    refuse(`${where} cannot be "${given}"`, `Give one of ${allowed.join(', ')}.`);
  }
}

function validateRecipients(where: string, value: Value, refuse: Refuse): void {
  if (!Array.isArray(value)) return;
  for (const recipient of value as readonly Value[]) {
    const problem = typeof recipient === 'string' ? invalidRecipient(recipient) : null;
    if (problem) refuse(`${where} holds something that is no recipient`, problem);
  }
}
