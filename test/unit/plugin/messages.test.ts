import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'protobufjs';
import { MalformedError } from '../../../src/plugin/codec/value-error.js';
import * as calls from '../../../src/plugin/wire/calls.js';
import {
  type Content,
  decodeMessage,
  encodeMessage,
  type Message,
} from '../../../src/plugin/wire/message.js';

const proto = join(__dirname, '../../support/plugin/tfplugin6.proto');
const { root } = parse(readFileSync(proto, 'utf8'));
const { methods } = root.lookupService('tfplugin6.Provider');
const names = Object.keys(calls) as (keyof typeof calls)[];

/** A message of an independent implementation with something in every field. */
function filled(type: string, depth = 0): Record<string, unknown> {
  const fields = root.lookupType(`tfplugin6.${type}`).fieldsArray;
  const taken = new Set<string>();
  const entries = fields.flatMap((field): [string, unknown][] => {
    const group = field.partOf?.name;
    if (group && taken.has(group)) return [];
    if (group) taken.add(group);
    const one = scalar(field.type, depth);
    if (one === undefined) return [];
    return [[field.name, field.map ? { key: one } : field.repeated ? [one, one] : one]];
  });
  return Object.fromEntries(entries);
}

function scalar(type: string, depth: number): unknown {
  if (type === 'string') return 'tëxt';
  if (type === 'bytes') return Buffer.from([1, 2, 255]);
  if (type === 'bool') return true;
  if (type === 'int64') return 7;
  if (['Severity', 'StringKind', 'NestingMode'].includes(type)) return 1;
  const local = {
    Block: 'Schema.Block',
    NestedBlock: 'Schema.NestedBlock',
    Attribute: 'Schema.Attribute',
    Object: 'Schema.Object',
  }[type];
  const nested = { Step: 'AttributePath.Step' }[type] ?? local ?? type;
  return depth > 5 ? undefined : filled(nested, depth + 1);
}

const loose = (message: object) => JSON.parse(JSON.stringify(message)) as unknown;

test.each(names)('the request of %s is read as protobufjs wrote it', (name) => {
  const method = methods[name];
  const type = root.lookupType(`tfplugin6.${method?.requestType}`);
  const content = filled(method?.requestType ?? '');
  const ours = decodeMessage(calls[name].request as Message, type.encode(type.fromObject(content)).finish());
  expect(loose(content)).toMatchObject(loose(ours) as object);
  expect(Object.values(ours).filter((value) => value === undefined)).toEqual([]);
});

test.each(names)('the response of %s is read by protobufjs as it was written', (name) => {
  const type = root.lookupType(`tfplugin6.${methods[name]?.responseType}`);
  const content = filled(methods[name]?.responseType ?? '');
  const bytes = encodeMessage(calls[name].response as Message, content as Content<Message>);
  const expected = { ...content };
  delete expected.providerMeta;
  const read = type.toObject(type.decode(bytes), { longs: Number, enums: Number });
  expect(stripUnsent(read)).toEqual(stripUnsent(expected));
});

/** Version and deprecation of a block are never sent: the schema around it carries the version. */
function stripUnsent(content: unknown): unknown {
  if (Buffer.isBuffer(content) || content instanceof Uint8Array) return [...content];
  if (Array.isArray(content)) return content.map(stripUnsent);
  if (typeof content !== 'object' || content === null) return content;
  const block = 'descriptionKind' in content && !('name' in content);
  return Object.fromEntries(
    Object.entries(content)
      .filter(([name]) => !(block && ['version', 'deprecated'].includes(name)))
      .map(([name, value]) => [name, stripUnsent(value)]),
  );
}

const Example: Message = calls.PlanResourceChange.request;

test('fields that a later protocol adds are skipped', () => {
  const number99 = Buffer.from([0x98, 0x06, 0x01]);
  const typeName = Buffer.from([0x0a, 0x01, 0x78]);
  expect(decodeMessage(Example, Buffer.concat([number99, typeName]))).toMatchObject({ typeName: 'x' });
});

test('a field of another wire type is refused', () => {
  expect(() => decodeMessage(Example, Buffer.from([0x08, 0x01]))).toThrow(MalformedError);
});

test('a string that is not UTF-8 is refused', () => {
  expect(() => decodeMessage(Example, Buffer.from([0x0a, 0x02, 0xc3, 0x28]))).toThrow(MalformedError);
});

test('random bytes never cause another error than that they are malformed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...names), (bytes, name) => {
      try {
        decodeMessage(calls[name].request as Message, bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedError);
      }
    }),
    { numRuns: 1000 },
  );
});
