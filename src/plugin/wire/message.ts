import { BinaryReader, BinaryWriter, type WireType } from '@bufbuild/protobuf/wire';
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
