import { OPERATION_STATUSES } from '../state/operations.js';
import { type Fault } from './fault.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value !== '';
const count: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const oneOf =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const texts: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((each) => typeof each === 'string');

const when = oneOf('before', 'after');

const MATCH: Record<string, Check> = {
  kind: text,
  service: optional(oneOf('lightsail', 's3')),
  operation: optional(text),
  bucket: optional(text),
  nth: optional((value) => count(value) && value !== 0),
  every: optional((value) => count(value) && value !== 0),
  times: optional((value) => value === 'always' || (count(value) && value !== 0)),
};

const ACTIONS: Record<Fault['kind'], Record<string, Check>> = {
  error: {
    when,
    type: text,
    status: (value) => count(value) && (value as number) >= 400 && (value as number) <= 599,
    message: optional(text),
  },
  answer: {
    status: (value) => count(value) && (value as number) >= 200 && (value as number) <= 599,
    headers: optional(texts),
    body: optional((value) => typeof value === 'string'),
  },
  drop: { when },
  reset: { when },
  truncate: { framing: oneOf('short', 'complete') },
  delay: { when, ms: count },
  'late-effect': { ms: count },
  'key-not-accepted': { ms: count },
  'key-not-listed': { calls: optional(count), ms: optional(count) },
  'key-still-listed': {
    calls: optional(count),
    ms: optional(count),
    takesSlot: optional(oneOf(true, false)),
  },
  'key-not-known': { ms: count },
  'no-effect': {},
  operations: { status: oneOf(...OPERATION_STATUSES), errorCode: optional(text) },
  date: { ms: (value) => value === null || Number.isInteger(value) },
  body: { body: (value) => typeof value === 'string', contentType: optional(text) },
};

/**
 * A fault out of JSON. A member it does not know is refused: a misspelt `operation` would otherwise meet every
 * call, and the test that added it would prove something else than its author thinks.
 */
export function parseFault(value: Readonly<Record<string, unknown>>): Fault {
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(ACTIONS, kind)) {
    throw new Error(`The kind of a fault is one of ${Object.keys(ACTIONS).join(', ')}.`);
  }
  const members: Record<string, Check> = { ...MATCH, ...ACTIONS[kind as Fault['kind']] };
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(members, name));
  if (unknown.length > 0) throw new Error(`A fault of kind ${kind} has no ${unknown.join(', ')}.`);
  const wrong = Object.keys(members).filter((name) => !members[name]?.(value[name]));
  if (wrong.length > 0)
    throw new Error(`A fault of kind ${kind} has a wrong or missing ${wrong.join(', ')}.`);
  return value as unknown as Fault;
}
