import type { IResolvable } from 'cdktf';

/** A value in a Terraform block; undefined is left out. */
export type Argument =
  | string
  | number
  | boolean
  | IResolvable
  | readonly string[]
  | { readonly [name: string]: Argument }
  | undefined;

export type Arguments = Readonly<Record<string, Argument>>;

/** Leaves out what is undefined, at every level. */
export function definedArguments(values: Arguments): Record<string, Argument> {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    defined.map(([name, value]) => [name, isObject(value) ? definedArguments(value) : value]),
  );
}

/** The same arguments in the notation from which CDKTF renders HCL (`cdktf synth --hcl`). */
export function hclArguments(values: Arguments): Record<string, unknown> {
  const entries = Object.entries(definedArguments(values)).map(([name, value]) => [name, hclArgument(value)]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function hclArgument(value: Argument): unknown {
  if (Array.isArray(value)) {
    return { value: value as string[], isBlock: false, type: 'list', storageClassType: 'stringList' };
  }
  // In its maps CDKTF writes lists as objects (`{ 0 = "a" }`); attribute by attribute it writes them right, which it
  // does for what it calls a list of one object.
  if (isObject(value) && holdsList(value)) {
    return { value: hclArguments(value), isBlock: false, type: 'list', storageClassType: 'struct' };
  }
  if (isObject(value)) return { value, isBlock: false, type: 'map', storageClassType: 'anyMap' };
  const storageClassType = typeof value === 'object' ? 'boolean' : typeof value;
  return { value, isBlock: false, type: 'simple', storageClassType };
}

/** A plain object: neither a list nor one of CDKTF's resolvable values. */
function isObject(value: Argument): value is Readonly<Record<string, Argument>> {
  return typeof value === 'object' && !Array.isArray(value) && !('resolve' in value);
}

function holdsList(value: Argument): boolean {
  return Array.isArray(value) || (isObject(value) && Object.values(value).some(holdsList));
}
