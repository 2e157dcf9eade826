import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { MalformedError } from '../codec/value-error.js';

/** One field of a protobuf message: its number and how its content is read and written. */
export interface Field<T> {
  readonly number: number;
  readonly wireType: WireType;
  readonly initial: () => T;
  /** `before` is what an earlier occurrence of the field gave, for fields that repeat. */
  readonly read: (reader: BinaryReader, before: T) => T;
  /** Writes the tag too, or nothing at all for a value that protobuf leaves out. */
  readonly write: (writer: BinaryWriter, value: T) => void;
}

/** A message is the table of its fields; the TypeScript type of its content follows from the table. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each field has a type of its own
export type Message = Readonly<Record<string, Field<any>>>;
export type Content<M extends Message> = {
  readonly [K in keyof M]: M[K] extends Field<infer T> ? T : never;
};

export function decodeMessage<M extends Message>(message: M, bytes: Uint8Array): Content<M> {
  try {
    return read(message, bytes) as Content<M>;
  } catch (cause) {
    throw new MalformedError('a message is not valid protobuf', { cause });
  }
}

export function encodeMessage<M extends Message>(message: M, content: Partial<Content<M>>): Uint8Array {
  const writer = new BinaryWriter();
  for (const [name, field] of Object.entries(message)) {
    const value: unknown = content[name];
    if (value !== undefined) field.write(writer, value);
  }
  return writer.finish();
}

function read(message: Message, bytes: Uint8Array): Record<string, unknown> {
  const fields = Object.entries(message);
  const content = Object.fromEntries(fields.map(([name, field]) => [name, field.initial() as unknown]));
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const [name, field] = fields.find(([, candidate]) => candidate.number === number) ?? [];
    if (name === undefined || field === undefined) {
      // A later minor version of the protocol may add fields.
      reader.skip(wireType, number);
    } else if (field.wireType !== wireType) {
      throw new Error(`field ${number} has wire type ${wireType}`);
    } else {
      content[name] = field.read(reader, content[name]);
    }
  }
  return content;
}

interface Scalar<T> extends Field<T> {
  readonly writeAlways: (writer: BinaryWriter, value: T) => void;
}

/** Proto3 leaves out a scalar that has its initial value. */
function scalar<T>(
  number: number,
  wireType: WireType,
  initial: () => T,
  read: (reader: BinaryReader) => T,
  put: (writer: BinaryWriter, value: T) => void,
): Scalar<T> {
  const writeAlways = (writer: BinaryWriter, value: T) => {
    put(writer.tag(number, wireType), value);
  };
  const write = (writer: BinaryWriter, value: T) => {
    if (value instanceof Uint8Array ? value.length > 0 : value !== initial()) writeAlways(writer, value);
  };
  return { number, wireType, initial, read, write, writeAlways };
}

export function string(number: number): Scalar<string> {
  return scalar(
    number,
    WireType.LengthDelimited,
    () => '',
    (reader) => reader.string(true),
    (writer, value) => writer.string(value),
  );
}

export function bytes(number: number): Scalar<Uint8Array> {
  return scalar(
    number,
    WireType.LengthDelimited,
    () => new Uint8Array(),
    (reader) => reader.bytes(),
    (writer, value) => writer.bytes(value),
  );
}

export function bool(number: number): Scalar<boolean> {
  return scalar(
    number,
    WireType.Varint,
    () => false,
    (reader) => reader.bool(),
    (writer, value) => writer.bool(value),
  );
}

/** Also for enums. Schema versions and list indexes stay far below 2^53. */
export function int64(number: number): Scalar<number> {
  return scalar(
    number,
    WireType.Varint,
    () => 0,
    (reader) => Number(reader.int64()),
    (writer, value) => writer.int64(value),
  );
}

/** A member of a `oneof`: when it is there, it is written whatever its value. */
export function optional<T>(field: Scalar<T>): Field<T | undefined> {
  return {
    ...field,
    initial: () => undefined,
    read: (reader) => field.read(reader, field.initial()),
    write: (writer, value) => {
      if (value !== undefined) field.writeAlways(writer, value);
    },
  };
}

export function message<M extends Message>(number: number, table: M): Field<Partial<Content<M>> | undefined> {
  return {
    number,
    wireType: WireType.LengthDelimited,
    initial: () => undefined,
    read: (reader) => decodeMessage(table, reader.bytes()),
    write: (writer, value) => {
      if (value !== undefined) {
        writer.tag(number, WireType.LengthDelimited).bytes(encodeMessage(table, value));
      }
    },
  };
}

export function repeated<M extends Message>(number: number, table: M): Field<readonly Partial<Content<M>>[]> {
  const one = message(number, table);
  return {
    ...one,
    initial: () => [],
    read: (reader, before) => [...before, decodeMessage(table, reader.bytes())],
    write: (writer, values) => {
      for (const value of values) one.write(writer, value);
    },
  };
}

export function map<M extends Message>(
  number: number,
  table: M,
): Field<Readonly<Record<string, Partial<Content<M>>>>> {
  const entry = { key: string(1), value: message(2, table) };
  const entries = repeated(number, entry);
  return {
    ...entries,
    initial: () => ({}),
    read: (reader, before) => {
      const { key, value } = decodeMessage(entry, reader.bytes());
      return { ...before, [key]: value ?? {} };
    },
    write: (writer, values) => {
      entries.write(
        writer,
        Object.entries(values).map(([key, value]) => ({ key, value })),
      );
    },
  };
}
