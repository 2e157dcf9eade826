import { BUCKET_NAME } from '../contract/names.js';
import type { Argument, Descriptor } from '../destinations/descriptor.js';
import { DESTINATIONS } from '../destinations/registry.js';
import { UNKNOWN } from '../plugin/index.js';
import type {
  Attribute,
  Blocks,
  Diagnostics,
  NestedBlock,
  ObjectValue,
  Path,
  Value,
} from '../plugin/index.js';
import { isObject, text } from './values.js';

/** Refuses a name that Lightsail would refuse; one that is not known yet passes. */
export function validateBucketName(value: Value | undefined, path: Path, diagnostics: Diagnostics): void {
  if (typeof value !== 'string' || BUCKET_NAME.test(value)) return;
  diagnostics.error(
    `${JSON.stringify(value)} is not the name of a Lightsail bucket`,
    `A name has 3 to 54 characters (this one has ${value.length}): lowercase letters, digits and hyphens, beginning and ending with a letter or digit (${BUCKET_NAME.source}). No bucket can have this name, so no key was made. Give the name of the bucket as Lightsail lists it.`,
    path,
  );
}

/** The blocks of `secret`: exactly one stands there. */
export const secretMembers: Blocks = Object.fromEntries(DESTINATIONS.map((one) => [one.name, blockOf(one)]));

function blockOf({ description, arguments: all }: Descriptor): NestedBlock {
  return {
    description,
    attributes: Object.fromEntries(
      Object.entries(all).map(([name, argument]) => [name, attributeOf(argument)]),
    ),
  };
}

function attributeOf({ type, isRequired, description }: Argument): Attribute {
  return {
    type: type === 'list' ? ['list', 'string'] : 'string',
    ...(isRequired ? { required: true } : { optional: true }),
    description,
  };
}

/** Refuses a `secret` that names no destination, several, or one that cannot be. */
export function validateDestination(secret: Value | undefined, diagnostics: Diagnostics): void {
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
      `AWS shows a key's secret once, and it has exactly one destination. Keep one of ${all}.`,
    );
  }
  if (named.length === 0 && !members.some(([, value]) => value === UNKNOWN)) {
    refuse(
      'secret names no destination',
      `A key whose secret has no destination could never be used. Give exactly one of ${all}.`,
    );
  }
  for (const [name, member] of members) if (isObject(member)) validateMember(name, member, refuse);
}

const NO_RULES: Pick<Argument, 'oneOf' | 'elements'> = {};

/** `path` leads on from `secret`. */
type Refuse = (summary: string, detail: string, path?: Path) => void;

function validateMember(name: string, member: ObjectValue, refuse: Refuse): void {
  const known = DESTINATIONS.find((destination) => destination.name === name)?.arguments;
  for (const [argument, value] of Object.entries(member)) {
    const where = `secret.${name}.${argument}`;
    const refuseHere = (summary: string, detail: string, element?: number) => {
      refuse(`${where} ${summary}`, detail, [name, argument, ...(element === undefined ? [] : [element])]);
    };
    if (text(value)?.trim() === '')
      refuseHere('is empty', 'Give a value, or leave it out where it is optional.');
    if (Array.isArray(value) && value.length === 0)
      refuseHere('is an empty list', 'Give at least one element, or leave it out where it is optional.');
    const { oneOf: allowed, elements } = known?.[argument] ?? NO_RULES;
    if (allowed) oneOf(value, allowed, refuseHere);
    if (elements) validateElements(value, elements, refuseHere);
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

function validateElements(
  value: Value,
  { called, problemOf }: NonNullable<Argument['elements']>,
  refuse: RefuseHere,
): void {
  if (!Array.isArray(value)) return;
  for (const [index, element] of (value as readonly Value[]).entries()) {
    const problem = typeof element === 'string' ? problemOf(element) : null;
    if (problem) refuse(`holds something that is no ${called}`, problem, index);
  }
}
