import { type BinaryReader, type BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type Content, decodeMessage, encodeMessage, type Field, type Message } from './message.js';

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
