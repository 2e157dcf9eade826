import { decodeValue } from '../codec/decode.js';
import { encodeKnownValue, encodeValue } from '../codec/encode.js';
import { formatPath, MalformedError, ValueError } from '../codec/value-error.js';
import { GrpcError, STATUS } from '../grpc.js';
import { isObject, objectType, UNKNOWN } from '../provider.js';
import type { Attribute, Block, Diagnostics, ObjectValue, Path, Schema, Value } from '../provider.js';

interface Encoded {
  readonly msgpack?: Uint8Array;
}

/** The object that Terraform sent; null when there is none, as the prior state of a new resource. */
export function decodeObject(schema: Schema, encoded: Encoded | undefined): ObjectValue | null {
  try {
    const value = decodeValue(encoded?.msgpack ?? new Uint8Array(), objectType(schema));
    if (value === UNKNOWN) throw new MalformedError('a whole object is unknown');
    return value as ObjectValue | null;
  } catch (error) {
    if (error instanceof MalformedError || error instanceof ValueError) {
      throw new GrpcError(STATUS.invalidArgument, `Terraform sent a malformed value: ${error.message}`);
    }
    throw error;
  }
}

/** Like `decodeObject`, where Terraform always sends an object. */
export function requireObject(schema: Schema, encoded: Encoded | undefined): ObjectValue {
  const value = decodeObject(schema, encoded);
  if (value === null)
    throw new GrpcError(STATUS.invalidArgument, 'Terraform sent null in place of an object');
  return value;
}

/**
 * Terraform sees to it that a required argument is written down, but lets it be null; and it lets elements of a list be,
 * where each is one more argument, recipient or policy.
 */
export function refuseNull(config: ObjectValue, block: Block, diagnostics: Diagnostics): void {
  for (const path of nullsInBlock(config, block, [])) {
    diagnostics.error(`${formatPath(path)} is null`, 'Give a value there that is never null.', path);
  }
}

function nullsInBlock(value: ObjectValue, { attributes, blocks = {} }: Block, path: Path): Path[] {
  return [
    ...Object.entries(attributes).flatMap(([name, attribute]) =>
      nullsInAttribute(value[name] ?? null, attribute, [...path, name]),
    ),
    ...Object.entries(blocks).flatMap(([name, block]) => {
      const inner = value[name] ?? null;
      if (inner === null) return block.required ? [[...path, name]] : [];
      return isObject(inner) ? nullsInBlock(inner, block, [...path, name]) : [];
    }),
  ];
}

function nullsInAttribute(value: Value, attribute: Attribute, path: Path): Path[] {
  const { required, nested, nullElements } = attribute;
  if (value === null) return required ? [path] : [];
  if (typeof value !== 'object') return [];
  if (nested?.nesting === 'single') return isObject(value) ? nullsInBlock(value, nested, path) : [];
  const elements: [Path[number], Value][] = isObject(value)
    ? Object.entries(value).map(([key, element]) => [{ key }, element])
    : value.map((element, index) => [index, element]);
  return elements.flatMap(([step, element]) => {
    if (element === null) return nullElements ? [] : [[...path, step]];
    return nested && isObject(element) ? nullsInBlock(element, nested, [...path, step]) : [];
  });
}

export const NULL: Encoded = { msgpack: encodeValue(null, 'dynamic') };

/** For a plan, which may leave values unknown. */
export function encodePlan(schema: Schema, value: ObjectValue): Encoded {
  return {
    msgpack: encodeValue(withoutWriteOnly(value, schema), objectType(schema)),
  };
}

/** For what exists, of which everything is known. */
export function encodeState(schema: Schema, value: ObjectValue | null): Encoded {
  if (value === null) return NULL;
  return {
    msgpack: encodeKnownValue(withoutWriteOnly(value, schema), objectType(schema)),
  };
}

/**
 * For the outcome of an apply, which must not be lost: it may be all that is known of something just created.
 * An attribute or block that a faulty resource left unknown or of a wrong type is reported and stored as null.
 */
export function encodeOutcome(schema: Schema, value: ObjectValue | null, diagnostics: Diagnostics): Encoded {
  if (value === null) return NULL;
  const [, types] = objectType(schema);
  const fitting = Object.entries(value).filter(([name, member]) => {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    try {
      encodeKnownValue({ [name]: member }, ['object', type === undefined ? {} : { [name]: type }]);
      return true;
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      reportMisfit(error, diagnostics);
      return false;
    }
  });
  return encodeState(schema, Object.fromEntries(fitting));
}

/** What Terraform shows when the code of a resource answers with something its own schema does not allow. */
export function reportMisfit(problem: ValueError, diagnostics: Diagnostics): void {
  diagnostics.error(
    'The provider produced a value that does not fit its schema',
    `${problem.message}. This is a bug in the provider; please report it.`,
    problem.path,
  );
}

/** Write-only attributes appear in the configuration alone: in a plan or a state they are null. */
function withoutWriteOnly(value: ObjectValue, block: Block): ObjectValue {
  if (!holdsWriteOnly(block)) return value;
  const { attributes, blocks = {} } = block;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const inner = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
      if (inner) return [name, isObject(member) ? withoutWriteOnly(member, inner) : member];
      const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      return [name, attribute && isWriteOnly(attribute) ? clear(member, attribute) : member];
    }),
  );
}

function holdsWriteOnly({ attributes, blocks = {} }: Block): boolean {
  return Object.values(attributes).some(isWriteOnly) || Object.values(blocks).some(holdsWriteOnly);
}

function isWriteOnly({ writeOnly, nested }: Attribute): boolean {
  return writeOnly ?? (nested !== undefined && holdsWriteOnly(nested));
}

function clear(value: Value, { nested }: Attribute): Value {
  if (nested === undefined) return null;
  if (typeof value !== 'object' || value === null) return value;
  const inner = (element: Value) => (isObject(element) ? withoutWriteOnly(element, nested) : element);
  if (nested.nesting === 'single') return inner(value);
  if (!isObject(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, inner(element)]));
}
