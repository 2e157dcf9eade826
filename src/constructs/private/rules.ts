import { Token } from 'cdktf';
import { span, type WholeNumbers } from '../../contract/limits.js';
import { type Argument, type Arguments, snakeCase, StringMap } from './arguments.js';

/** What is wrong, a sentence each; none where all is well. */
export type Problems = readonly string[];

/** Where a value stands, as its author would name it: `rotation.afterDays`. */
export interface At {
  readonly name: string;
  /** What stands before the names of its members. Default: its own name and a dot. */
  readonly prefix?: string;
  readonly isOptional?: boolean;
}

/** What a value may be, and how Terraform gets it. A token, which only Terraform will know, is taken but for a block. */
export interface Rule {
  problems(given: unknown, at: At): Problems;
  /** Only for a value without problems. */
  argument(given: unknown): Argument;
}

/** Of a prop that may be left out, or be undefined. */
export interface OptionalRule extends Rule {
  readonly isOptional: true;
}

/** A rule for each prop of `P`; the compiler sees to it that the same ones are optional. */
export type Rules<P> = {
  readonly [K in keyof P]-?: object extends Pick<P, K>
    ? OptionalRule
    : Rule & { readonly isOptional?: undefined };
};

/** Props, or an object within them. */
export interface Shape<P extends object> extends Rule {
  readonly rules: Rules<P>;
  /** By Terraform's names. */
  readonly arguments: (given: P) => Arguments;
}

export function optional(rule: Rule): OptionalRule {
  return {
    isOptional: true,
    problems: (given, at) => (given === undefined ? [] : rule.problems(given, { ...at, isOptional: true })),
    argument: (given) => (given === undefined ? undefined : rule.argument(given)),
  };
}

/** What is wrong with a value, and what to give instead. */
interface Refusal {
  /** What follows the name. Default: what was given. */
  readonly what?: string;
  readonly remedy: string;
}

/** A rule for what has no members. `refusal`: null for what is taken. */
export function leaf(refusal: (given: unknown) => Refusal | null, { isSecret = false } = {}): Rule {
  return {
    problems: (given, { name, isOptional }) => {
      const found = isLater(given) ? null : refusal(given);
      if (!found) return [];
      const { what = `is ${isSecret ? kindOf(given) : shown(given)}`, remedy } = found;
      return [problem(`${name} ${what}`, isOptional ? `${remedy}, or leave it out` : remedy)];
    },
    argument: (given) => given as Argument,
  };
}

/** The sentences of every problem: what was given, what it means, what to do. */
export function problem(happened: string, remedy: string): string {
  return `${happened}, so no access key can be managed. ${remedy}.`;
}

export const text = strings(() => null);

/** Not repeated where it is of the wrong type. */
export const secretText = leaf((given) => (typeof given === 'string' ? null : { remedy: 'Give a string' }), {
  isSecret: true,
});

/** A text with something in it. */
export function filled(remedy: string): Rule {
  return strings((given) => (given.trim() === '' ? { what: 'is empty', remedy } : null), remedy);
}

export function matching(pattern: RegExp, remedy: string): Rule {
  return strings((given) => (pattern.test(given) ? null : { remedy }), remedy);
}

export function oneOf(allowed: readonly string[]): Rule {
  const remedy = `Give one of: ${allowed.join(', ')}`;
  return strings((given) => (allowed.includes(given) ? null : { remedy }), remedy);
}

export const flag = leaf((given) => (typeof given === 'boolean' ? null : { remedy: 'Give true or false' }));

export function wholeNumber(range: WholeNumbers): Rule {
  return numbers(
    (given) => given >= range.from && given <= range.to,
    `Give a whole number of ${range.unit} from ${span(range)}`,
  );
}

/** A whole number with a rule of its own. */
export function numbers(isTaken: (given: number) => boolean, remedy: string): Rule {
  return leaf((given) =>
    typeof given === 'number' && Number.isInteger(given) && isTaken(given) ? null : { remedy },
  );
}

export function strings(refusal: (given: string) => Refusal | null, remedy = 'Give a string'): Rule {
  return leaf((given) => (typeof given === 'string' ? refusal(given) : { remedy }));
}

/** Something that is made by a class or by a function; a token only where it is that as well. */
export function made(isTaken: (given: object) => boolean, remedy: string): Rule {
  return {
    problems: (given, at) =>
      typeof given === 'object' && given !== null && isTaken(given) ? [] : refused(given, at, { remedy }),
    argument: (given) => given as Argument,
  };
}

/** What synthesis decides on, so that no token will do. */
export function known<R extends Rule>(rule: R, remedy: string): R {
  return {
    ...rule,
    problems: (given, at) =>
      isLater(given)
        ? refused(given, at, { what: 'is a token, and synthesis has to know it', remedy })
        : rule.problems(given, at),
  };
}

/** A list whose elements all have to be there; at least one, where a remedy says what it is for. */
export function listOf(rule: Rule, emptiness?: Refusal): Rule {
  return {
    problems: (given, at) => {
      if (isLater(given)) return [];
      if (!Array.isArray(given)) return refused(given, at, { remedy: 'Give a list' });
      if (given.length === 0 && emptiness) return refused(given, at, emptiness);
      // Not flatMap, which skips holes.
      return Array.from(given as unknown[], (element, index) =>
        rule.problems(element, { name: `${at.name}[${index}]` }),
      ).flat();
    },
    argument: (given) => given as readonly string[],
  };
}

/** A map from the author's own names. */
export function mapOf(rule: Rule): Rule {
  return {
    problems: (given, at) => {
      if (isLater(given)) return [];
      if (!isPlain(given))
        return refused(given, at, { remedy: 'Give an object with a string for each name' });
      return Object.entries(given).flatMap(([name, value]) =>
        rule.problems(value, { name: `${at.name}.${name}` }),
      );
    },
    argument: (given) =>
      isLater(given) ? Token.asString(given) : new StringMap(given as Record<string, string>),
  };
}

/** Not an argument of Terraform's, but something that the framework or a construct itself takes. */
export function apart<R extends Rule>(rule: R): R {
  return { ...rule, argument: () => undefined };
}

/**
 * An object with these members. `together` looks at those that are well each by itself; names of members that it
 * speaks of begin with its second argument.
 */
export function shape<P extends object>(
  rules: Rules<P>,
  together: (given: P, prefix: string) => Problems = () => [],
): Shape<P> {
  const members = Object.entries(rules) as [string, Rule & { isOptional?: true }][];
  const needed = members.filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  const ofAll = (given: P): Arguments =>
    Object.fromEntries(
      members.map(([name, rule]) => [
        snakeCase(name),
        rule.argument((given as Record<string, unknown>)[name]),
      ]),
    );
  return {
    rules,
    arguments: ofAll,
    problems: (given, at) => {
      const remedy = needed.length > 0 ? `Give an object with ${needed.join(', ')}` : 'Give an object';
      if (isLater(given)) {
        const what = 'is a token, and Terraform takes none in the place of a block';
        return refused(given, at, { what, remedy: `${remedy}, in which tokens may stand` });
      }
      if (!isPlain(given)) return refused(given, at, { remedy });
      const { prefix = `${at.name}.` } = at;
      const found = [
        ...members.flatMap(([name, rule]) => rule.problems(given[name], { name: prefix + name })),
        ...unknownNames(given, Object.keys(rules), prefix),
      ];
      return found.length > 0 ? found : together(given as P, prefix);
    },
    argument: (given) => ofAll(given as P),
  };
}

/** What would be left out without a word. */
function unknownNames(given: Record<string, unknown>, names: readonly string[], prefix: string): Problems {
  return Object.entries(given)
    .filter(([name, value]) => value !== undefined && !names.includes(name))
    .map(([name]) => {
      const meant = names.find((each) => isMisspelt(name, each));
      return problem(
        `${prefix}${name} is not a prop`,
        meant === undefined
          ? `Leave it out; there are ${names.join(', ')}`
          : `Give ${prefix}${meant}, or leave it out`,
      );
    });
}

/** The same but for case, hyphens and underscores, and for one or two letters where they differ. */
function isMisspelt(given: string, meant: string): boolean {
  const [one, other] = [given, meant].map((name) => name.replace(/[-_]/g, '').toLowerCase()) as [
    string,
    string,
  ];
  let start = 0;
  while (start < Math.min(one.length, other.length) && one[start] === other[start]) start += 1;
  let end = 0;
  const rest = Math.min(one.length, other.length) - start;
  while (end < rest && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return Math.max(one.length, other.length) - start - end <= 2;
}

/** A token, or one of Terraform's expressions as the author has written it. */
export function isLater(given: unknown): boolean {
  return Token.isUnresolved(given) || (typeof given === 'string' && /[$%]\{/.test(given));
}

/** As a message repeats it: a long text only in part. */
export function shown(given: unknown): string {
  if (typeof given === 'string') return `"${given.length > 80 ? `${given.slice(0, 77)}…` : given}"`;
  return given === null || ['undefined', 'number', 'bigint', 'boolean'].includes(typeof given)
    ? String(given)
    : kindOf(given);
}

/** "a string", "a list", "a Map". */
function kindOf(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  if (Array.isArray(given)) return given.length === 0 ? 'an empty list' : 'a list';
  const { name } = (given as { constructor?: { name?: string } }).constructor ?? {};
  if (typeof given !== 'object') return `a ${typeof given}`;
  return name === undefined || name === 'Object' ? 'an object' : `an instance of ${name}`;
}

function refused(given: unknown, { name, isOptional }: At, { what, remedy }: Refusal): Problems {
  return [
    problem(`${name} ${what ?? `is ${shown(given)}`}`, isOptional ? `${remedy}, or leave it out` : remedy),
  ];
}

/** No list, no Map, no Date: what has its values under names. */
export function isPlain(given: unknown): given is Record<string, unknown> {
  return Object.prototype.toString.call(given) === '[object Object]';
}
