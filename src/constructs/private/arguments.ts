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

export function stringMap(entries: Readonly<Record<string, string>> | undefined): StringMap | undefined {
  return entries && new StringMap(entries);
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

function hclArgument(value: Argument): unknown {
  if (Array.isArray(value)) {
    return { value: value as string[], isBlock: false, type: 'list', storageClassType: 'stringList' };
  }
  if (value instanceof StringMap) {
    return { value: value.entries, isBlock: false, type: 'map', storageClassType: 'stringMap' };
  }
  if (isBlock(value)) {
    return { value: hclArguments(value), isBlock: true, type: 'list', storageClassType: 'struct' };
  }
  const storageClassType = typeof value === 'object' ? 'boolean' : typeof value;
  return { value, isBlock: false, type: 'simple', storageClassType };
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
