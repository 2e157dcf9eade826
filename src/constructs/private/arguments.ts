import type { IResolvable } from 'cdktf';

/** A value in a Terraform block; undefined is left out, and an object is a block in it. */
export type Argument =
  | string
  | number
  | boolean
  | IResolvable
  | readonly string[]
  | StringMap
  | { readonly [name: string]: Argument }
  | undefined;

export type Arguments = Readonly<Record<string, Argument>>;

/** A map of the author's own names, which is one attribute; in JSON it looks as a block does. */
export class StringMap {
  constructor(readonly entries: Readonly<Record<string, string>>) {}
}

/** Terraform's name for a prop. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Leaves out what is undefined, at every level. */
export function definedArguments(values: Arguments): Record<string, unknown> {
  return Object.fromEntries(
    defined(values).map(([name, value]) => {
      if (value instanceof StringMap) return [name, value.entries];
      return [name, isBlock(value) ? definedArguments(value) : value];
    }),
  );
}

/** The same arguments in the notation from which CDKTF renders HCL (`cdktf synth --hcl`). */
export function hclArguments(values: Arguments): Record<string, unknown> {
  return Object.fromEntries(defined(values).map(([name, value]) => [name, hclArgument(value)]));
}

/** A `lifecycle` of Terraform's meta-arguments, in the notation from which CDKTF renders HCL. */
export function hclLifecycle(lifecycle: unknown): Record<string, unknown> {
  if (typeof lifecycle !== 'object' || lifecycle === null) return {};
  const entries = Object.entries(lifecycle)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, unknown] => [
      snakeCase(name),
      name.endsWith('condition') ? conditions(value) : value,
    ]);
  return { lifecycle: { value: Object.fromEntries(entries) as unknown, isBlock: true } };
}

function hclArgument(value: Argument): unknown {
  if (Array.isArray(value)) {
    return { value: value as string[], isBlock: false, type: 'list', storageClassType: 'stringList' };
  }
  if (value instanceof StringMap) {
    const entries = Object.entries(value.entries).map(([name, entry]) => [
      escapeQuotes(name),
      escapeBesideExpressions(entry),
    ]);
    const map: unknown = Object.fromEntries(entries);
    return { value: map, isBlock: false, type: 'map', storageClassType: 'stringMap' };
  }
  if (isBlock(value)) {
    return { value: hclArguments(value), isBlock: true, type: 'list', storageClassType: 'struct' };
  }
  if (typeof value === 'string') {
    return {
      value: escapeBesideExpressions(value),
      isBlock: false,
      type: 'simple',
      storageClassType: 'string',
    };
  }
  const storageClassType = typeof value === 'object' ? 'boolean' : typeof value;
  return { value, isBlock: false, type: 'simple', storageClassType };
}

/** As it is, CDKTF renders them as a list, which Terraform does not take: they are blocks. */
function conditions(value: unknown): unknown {
  const blocks = (value as Record<string, unknown>[]).map((condition) =>
    Object.fromEntries(Object.entries(condition).map(([name, part]) => [snakeCase(name), part])),
  );
  return { value: blocks, isBlock: true, type: 'list', storageClassType: 'object' };
}

/** CDKTF leaves a text with an expression in it as it is, quotes and all: those beside the expression end the text. */
function escapeBesideExpressions(text: string): string {
  if (!text.includes('${')) return text;
  let escaped = '';
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '{' && (depth > 0 || text[index - 1] === '$')) depth += 1;
    else if (character === '}' && depth > 0) depth -= 1;
    escaped += depth === 0 ? escapeQuotes(character) : character;
  }
  return escaped;
}

function escapeQuotes(text: string): string {
  return text.replaceAll('"', '\\"');
}

function defined(values: Arguments): [string, Argument][] {
  return Object.entries(values).filter(([, value]) => value !== undefined);
}

/** Neither a list, nor a map, nor one of CDKTF's resolvable values. */
function isBlock(value: Argument): value is Arguments {
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !(value instanceof StringMap) &&
    !('resolve' in value)
  );
}
