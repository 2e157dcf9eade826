import { diagnosticMessages } from '../../../src/plugin/calls/unary.js';
import { schemaAnswer } from '../../../src/plugin/calls/service.js';
import { decodeObject, encodeOutcome, encodePlan, refuseNull } from '../../../src/plugin/calls/values.js';
import { Diagnostics, UNKNOWN } from '../../../src/plugin/index.js';
import type { ObjectValue, Path, Provider, Schema, Value } from '../../../src/plugin/index.js';

const schema: Schema = {
  version: 0,
  attributes: {
    name: { type: 'string', required: true },
    tags: { type: ['map', 'string'], optional: true },
    ports: {
      optional: true,
      nested: { nesting: 'list', attributes: { from: { type: 'number', required: true } } },
    },
  },
  blocks: {
    lock: {
      required: true,
      attributes: {
        code: { type: 'string', optional: true, writeOnly: true },
        doors: { type: ['list', 'string'], optional: true },
      },
      blocks: { owner: { attributes: { name: { type: 'string', required: true } } } },
    },
  },
};

const value = (lock: ObjectValue[string], more: ObjectValue = {}): ObjectValue => ({
  name: 'a',
  lock,
  ...more,
});

it('are described with as many items as may and have to stand there', () => {
  const provider = { schema, resources: {}, dataSources: {}, ephemeralResources: {} };
  expect(schemaAnswer(provider as unknown as Provider<never>).provider).toMatchObject({
    block: {
      blockTypes: [
        {
          typeName: 'lock',
          nesting: 1,
          minItems: 1,
          maxItems: 1,
          block: { blockTypes: [{ typeName: 'owner', minItems: 0, maxItems: 0 }] },
        },
      ],
    },
  });
});

describe('A value with blocks', () => {
  it('comes back as it was planned, wholly unknown blocks included', () => {
    const locks: readonly Value[] = [null, UNKNOWN, { code: null, doors: ['x'], owner: null }];
    for (const lock of locks) {
      const planned = value(lock);
      expect(decodeObject(schema, encodePlan(schema, planned))).toEqual({
        tags: null,
        ports: null,
        ...planned,
      });
    }
  });

  it('leaves write-only members out of a plan', () => {
    const planned = value({ code: 'hush', doors: null, owner: { name: 'o' } });
    expect(decodeObject(schema, encodePlan(schema, planned))?.lock).toEqual({
      code: null,
      doors: null,
      owner: { name: 'o' },
    });
  });

  it('loses at the end of an apply a block that does not fit, and nothing else', () => {
    const diagnostics = new Diagnostics();
    const outcome = encodeOutcome(schema, value({ code: null, doors: UNKNOWN, owner: null }), diagnostics);
    expect(decodeObject(schema, outcome)).toMatchObject({ name: 'a', lock: null });
    expect(diagnostics.items).toMatchObject([{ severity: 'error', path: ['lock', 'doors'] }]);
  });
});

it('are refused where null stands for something required, at its place', () => {
  const nulls = (config: ObjectValue) => {
    const diagnostics = new Diagnostics();
    refuseNull(config, schema, diagnostics);
    return diagnostics.items.map(({ summary, path }) => [summary, path]);
  };
  expect(nulls(value(null))).toEqual([['lock is null', ['lock']]]);
  expect(nulls(value(UNKNOWN))).toEqual([]);
  expect(nulls(value({ owner: { name: null } }))).toEqual([
    ['lock.owner.name is null', ['lock', 'owner', 'name']],
  ]);
  expect(nulls(value({ owner: null }, { name: null, ports: [{ from: 1 }, { from: null }] }))).toEqual([
    ['name is null', ['name']],
    ['ports[1].from is null', ['ports', 1, 'from']],
  ]);
});

it('null elements are refused as well, where they are not said to be taken', () => {
  const diagnostics = new Diagnostics();
  const lists: Schema = {
    version: 0,
    attributes: { ids: { type: ['list', 'string'], optional: true, nullElements: true } },
    blocks: {
      role: {
        attributes: {
          arns: { type: ['set', 'string'], optional: true },
          tags: { type: ['map', 'string'], optional: true },
        },
      },
    },
  };
  const role = { arns: ['a', null], tags: { a: null, b: 'b' } };
  refuseNull({ ids: [null], role }, lists, diagnostics);
  expect(diagnostics.items.map(({ summary }) => summary)).toEqual([
    'role.arns[1] is null',
    'role.tags["a"] is null',
  ]);
});

it.each<[what: string, path: Path, steps: readonly (string | number)[]]>([
  ['an attribute', ['name'], ['name']],
  ['an element of an attribute', ['tags', { key: 'k' }], ['tags', 'k']],
  ['an element, for what is in it', ['ports', 1, 'from'], ['ports', 1]],
  ['a block, by an attribute that it does not have', ['lock'], ['lock', '']],
  ['a block in a block', ['lock', 'owner'], ['lock', 'owner', '']],
  ['an attribute of a block', ['lock', 'owner', 'name'], ['lock', 'owner', 'name']],
  ['an element in a block', ['lock', 'doors', 0], ['lock', 'doors', 0]],
  ['nothing', [], []],
])('a diagnostic points at %s', (_, path, steps) => {
  const [message] = diagnosticMessages(
    [{ severity: 'error', summary: 's', detail: 'd', path }],
    (text) => text,
    schema,
  );
  expect(message?.attribute?.steps.map((step) => Object.values(step)[0] as unknown)).toEqual(steps);
});
