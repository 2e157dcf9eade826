import { status } from '@grpc/grpc-js';
import { bundleToy } from '../../support/plugin/toy-bundle.js';
import { dynamic, type Json, plain, ToyClient, UNKNOWN_VALUE } from '../../support/plugin/toy-client.js';
import { startToy, type ToyProcess } from '../../support/plugin/toy-process.js';
import { until } from '../../support/until.js';
import { temporaryFolder } from '../../support/temporary/folder.js';

let toy: ToyProcess;
let client: ToyClient;
const folder = temporaryFolder('toy-work');

beforeAll(async () => {
  toy = await startToy(await bundleToy(), { TF_LOG: 'TRACE' });
  client = new ToyClient(toy);
  await client.call('ConfigureProvider', { config: dynamic({ folder }), terraformVersion: '1.11.4' });
});

afterAll(async () => {
  client.close();
  await toy.exit;
});

const blank = {
  id: null,
  name: 'one',
  size: null,
  ratio: null,
  labels: null,
  secret: null,
  secret_length: null,
  behaviour: null,
  rule: null,
};
const item = (attributes: Json = {}) => ({ ...blank, ...attributes });
const diagnosticsOf = (answer: Json) => answer.diagnostics as Json[];

function apply(planned: Json | null, prior: Json | null, config: Json | null = planned): Promise<Json> {
  return client.call('ApplyResourceChange', {
    typeName: 'toy_item',
    priorState: dynamic(prior),
    plannedState: dynamic(planned),
    config: dynamic(config),
    plannedPrivate: Buffer.from('planned'),
  });
}

describe('the schema', () => {
  test('names every attribute, with nested ones and write-only ones', async () => {
    const answer = await client.call('GetProviderSchema');
    const { resourceSchemas, serverCapabilities } = answer as Record<string, Json>;
    expect(Object.keys(resourceSchemas ?? {})).toEqual(['toy_item', 'toy_old', 'toy_echo']);
    expect(serverCapabilities).toMatchObject({ getProviderSchemaOptional: true, moveResourceState: true });
    const { version, block } = resourceSchemas?.toy_item as {
      version: number;
      block: { attributes: Json[] };
    };
    expect(version).toBe(1);
    expect(block).toMatchObject({ description: 'A thing that *exists*.', descriptionKind: 'MARKDOWN' });
    const named = (name: string) => block.attributes.find((attribute) => attribute.name === name);
    expect(named('labels')).toMatchObject({ optional: true, type: Buffer.from('["map","string"]') });
    expect(named('secret')).toMatchObject({ writeOnly: true });
    expect(named('rule')).toMatchObject({
      nestedType: { nesting: 'LIST', attributes: [{ name: 'port', required: true }, { name: 'note' }] },
    });
  });

  test('is summed up in the metadata', async () => {
    expect(await client.call('GetMetadata')).toMatchObject({
      resources: [{ typeName: 'toy_item' }, { typeName: 'toy_old' }, { typeName: 'toy_echo' }],
      dataSources: [{ typeName: 'toy_file' }],
      ephemeralResources: [{ typeName: 'toy_token' }],
      serverCapabilities: { getProviderSchemaOptional: true, moveResourceState: true },
    });
  });
});

describe('diagnostics', () => {
  test('point at an element of a list and at a key of a map, which is as deep as Terraform looks', async () => {
    const config = item({ rule: [{ port: 0, note: null }], labels: { 'a b': 'bad' }, name: UNKNOWN_VALUE });
    const answer = await client.call('ValidateResourceConfig', {
      typeName: 'toy_item',
      config: dynamic(config),
    });
    expect(diagnosticsOf(answer)).toMatchObject([
      {
        severity: 'ERROR',
        summary: 'Port 0 is not a port',
        attribute: { steps: [{ attributeName: 'rule' }, { elementKeyInt: 0 }] },
      },
      {
        severity: 'WARNING',
        attribute: { steps: [{ attributeName: 'labels' }, { elementKeyString: 'a b' }] },
      },
    ]);
  });

  test('say that the provider failed when its code throws, without the secret', async () => {
    const config = dynamic(item({ behaviour: 'throw in validate' }));
    const answer = await client.call('ValidateResourceConfig', { typeName: 'toy_item', config });
    expect(diagnosticsOf(answer)).toMatchObject([
      {
        summary: 'The provider failed: validate went wrong with ***',
        detail: expect.stringContaining('report') as string,
      },
    ]);
  });

  test.each(['toy_x', 'constructor'])('name a type that the provider does not have: %s', async (typeName) => {
    const answer = await client.call('ValidateResourceConfig', { typeName, config: dynamic({}) });
    expect(diagnosticsOf(answer)).toMatchObject([
      { summary: expect.stringContaining(`has no ${typeName}`) as string },
    ]);
  });
});

describe('a plan', () => {
  const plan = (prior: Json | null, proposed: Json | null, config = proposed) =>
    client.call('PlanResourceChange', {
      typeName: 'toy_item',
      priorState: dynamic(prior),
      proposedNewState: dynamic(proposed),
      config: dynamic(config),
      priorPrivate: Buffer.from('before'),
    });

  test('leaves unknown what comes with apply, and write-only values null', async () => {
    const answer = await plan(null, item({ secret: 'hush' }));
    expect(plain(answer.plannedState)).toEqual(item({ id: UNKNOWN_VALUE, secret_length: UNKNOWN_VALUE }));
    expect(String(answer.plannedPrivate)).toBe('before');
  });

  test('of a replacement names the attribute that asks for it', async () => {
    const answer = await plan(item({ id: '1' }), item({ id: '1', name: 'two' }));
    expect(answer.requiresReplace).toMatchObject([{ steps: [{ attributeName: 'name' }] }]);
  });

  test('of a destruction is null', async () => {
    expect(plain((await plan(item(), null)).plannedState)).toBeNull();
  });

  test('with an attribute that the schema lacks is an error that names it', async () => {
    const answer = await plan(null, item({ behaviour: 'extra attribute in plan' }));
    expect(diagnosticsOf(answer)).toMatchObject([
      { detail: expect.stringContaining('no attribute "x"') as string },
    ]);
    expect(answer).not.toHaveProperty('plannedState');
  });
});

describe('an apply', () => {
  const planned = item({ id: UNKNOWN_VALUE, secret_length: UNKNOWN_VALUE });

  test('creates: everything is known, write-only values are gone, private bytes are kept', async () => {
    const answer = await apply(planned, null, item({ secret: 'hush' }));
    expect(plain(answer.newState)).toEqual(item({ id: String(toy.child.pid), secret_length: 4 }));
    expect(String(answer.private)).toBe('created');
    expect(diagnosticsOf(answer)).toEqual([]);
  });

  test('updates in place', async () => {
    const answer = await apply(item({ id: '7', size: 2 }), item({ id: '7' }));
    expect(plain(answer.newState)).toEqual(item({ id: '7', size: 2, secret_length: 0 }));
    expect(String(answer.private)).toBe('planned');
  });

  test('deletes', async () => {
    expect(plain((await apply(null, item({ id: '7' }))).newState)).toBeNull();
  });

  test('keeps the state of what could not be deleted', async () => {
    const prior = item({ id: '7', behaviour: 'undeletable' });
    const answer = await apply(null, prior);
    expect(plain(answer.newState)).toEqual(prior);
    expect(diagnosticsOf(answer)).toHaveLength(1);
  });

  test.each([
    ['unknown after apply', 'secret_length: this value is still unknown'],
    ['wrong type', 'secret_length: a number was expected, not a string'],
  ])('keeps the rest when an attribute is of %s', async (behaviour, detail) => {
    const answer = await apply({ ...planned, behaviour }, null);
    expect(plain(answer.newState)).toEqual(item({ behaviour, id: String(toy.child.pid) }));
    expect(diagnosticsOf(answer)).toMatchObject([
      {
        severity: 'ERROR',
        detail: expect.stringContaining(detail) as string,
        attribute: { steps: [{ attributeName: 'secret_length' }] },
      },
    ]);
  });

  test('whose code throws keeps the prior state', async () => {
    const answer = await apply({ ...planned, behaviour: 'throw in create' }, null);
    expect(plain(answer.newState)).toBeNull();
    expect(diagnosticsOf(answer)).toMatchObject([
      { summary: 'The provider failed: create went wrong with ***' },
    ]);
  });

  test('survives an error outside of any call', async () => {
    await apply({ ...planned, behaviour: 'stray' }, null);
    await until(() => toy.log().includes('An error outside of any call'));
    expect((await apply(planned, null)).diagnostics).toEqual([]);
  });
});

describe('a stored state', () => {
  const upgrade = (version: number, state: unknown) =>
    client.call('UpgradeResourceState', {
      typeName: 'toy_item',
      version,
      rawState: { json: Buffer.from(JSON.stringify(state)) },
    });

  test('of the present version is read by the schema', async () => {
    const answer = await upgrade(1, { name: 'n', size: 3, gone: true });
    expect(plain(answer.upgradedState)).toEqual(item({ name: 'n', size: 3 }));
  });

  test('of an earlier version is upgraded', async () => {
    expect(plain((await upgrade(0, { title: 't' })).upgradedState)).toEqual(
      item({ name: 't', id: 'upgraded' }),
    );
  });

  test('of a later version is refused with what to do', async () => {
    expect(diagnosticsOf(await upgrade(2, {}))).toMatchObject([
      {
        summary: expect.stringContaining('version 2') as string,
        detail: expect.stringContaining('newer') as string,
      },
    ]);
  });

  test('that is damaged is refused', async () => {
    expect(diagnosticsOf(await upgrade(1, { size: 'three' }))).toHaveLength(1);
  });

  test('is read; null means that it is gone', async () => {
    const read = (state: Json) =>
      client.call('ReadResource', {
        typeName: 'toy_item',
        currentState: dynamic(state),
        private: Buffer.from('kept'),
      });
    expect(plain((await read(item({ id: '1' }))).newState)).toEqual(item({ id: '1' }));
    expect(String((await read(item())).private)).toBe('kept');
    expect(plain((await read(item({ behaviour: 'gone' }))).newState)).toBeNull();
  });

  test('is imported by its ID, and completed with nulls', async () => {
    const answer = await client.call('ImportResourceState', { typeName: 'toy_item', id: 'x' });
    const [imported] = answer.importedResources as Json[];
    expect(plain(imported?.state)).toEqual(item({ id: 'x', name: 'x' }));
  });

  test('cannot be imported where the resource does not support it', async () => {
    const answer = await client.call('ImportResourceState', { typeName: 'toy_old', id: 'x' });
    expect(diagnosticsOf(answer)).toMatchObject([{ summary: 'toy_old cannot be imported' }]);
  });

  test('is taken over from another type, or refused', async () => {
    const move = (sourceTypeName: string) =>
      client.call('MoveResourceState', {
        sourceProviderAddress: 'example.test/toys/toy',
        sourceTypeName,
        sourceState: { json: Buffer.from('{"title":"t"}') },
        targetTypeName: 'toy_item',
      });
    expect(plain((await move('toy_old')).targetState)).toEqual(item({ id: 'moved', name: 't' }));
    expect(diagnosticsOf(await move('toy_else'))).toMatchObject([
      { summary: 'toy_item cannot take over a toy_else' },
    ]);
  });
});

test('a data source and an ephemeral resource answer', async () => {
  const source = await client.call('ReadDataSource', {
    typeName: 'toy_file',
    config: dynamic({ path: __filename, text: null }),
  });
  expect(plain(source.state)).toMatchObject({ text: expect.stringContaining('toy_file') as string });
  const opened = await client.call('OpenEphemeralResource', {
    typeName: 'toy_token',
    config: dynamic({ seed: 's', token: null }),
  });
  expect(plain(opened.result)).toEqual({ seed: 's', token: 'token of s' });
  await client.call('RenewEphemeralResource', { typeName: 'toy_token' });
  await client.call('CloseEphemeralResource', { typeName: 'toy_token' });
});

test('values of 12 MB travel both ways', async () => {
  const large = item({ name: 'ä'.repeat(6_000_000) });
  const read = () => client.call('ReadResource', { typeName: 'toy_item', currentState: dynamic(large) });
  const answers = Promise.all([read(), read(), read()]);
  // Node refuses new calls while it holds more than its limit for what is on its way.
  for (let i = 0; i < 50; i += 1) await client.call('GetMetadata');
  for (const answer of await answers) expect(plain(answer.newState)).toEqual(large);
});

test('many calls at once are all answered', async () => {
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      client.call('ReadResource', { typeName: 'toy_item', currentState: dynamic(item({ id: String(i) })) }),
    ),
  );
  expect(answers.map((answer) => (plain(answer.newState) as Json).id)).toEqual(
    Array.from({ length: 300 }, (_, i) => String(i)),
  );
});

describe('a call that makes no sense', () => {
  test.each<[string, string, Buffer, status]>([
    ['an unknown method', '/tfplugin6.Provider/Later', Buffer.alloc(0), status.UNIMPLEMENTED],
    ['no protobuf', '/tfplugin6.Provider/ReadResource', Buffer.from([0x0a, 0xff]), status.INTERNAL],
    ['no value', '/tfplugin6.Provider/ConfigureProvider', Buffer.alloc(0), status.INVALID_ARGUMENT],
  ])('is refused with the right status: %s', async (_, path, request, code) => {
    await expect(client.raw(path, request)).rejects.toMatchObject({ code });
  });

  test('is refused when a value does not fit the schema', async () => {
    const config = dynamic({ ...item(), size: 'three' });
    await expect(
      client.call('ValidateResourceConfig', { typeName: 'toy_item', config }),
    ).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining('size') as string,
    });
  });

  test('is refused when it exceeds what Terraform itself accepts', async () => {
    const request = Buffer.alloc(65 * 1024 * 1024);
    await expect(client.raw('/tfplugin6.Provider/ReadResource', request)).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
    expect(await client.call('GetMetadata')).toHaveProperty('resources');
  });
});

test('the log is one JSON object a line, without the secret', async () => {
  await apply(item({ id: UNKNOWN_VALUE, secret_length: UNKNOWN_VALUE }), null);
  const lines = toy
    .log()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
  expect(lines).toContainEqual(
    expect.objectContaining({ '@message': 'creating', tf_resource_type: 'toy_item', secret: '***' }),
  );
  expect(toy.log()).not.toContain('s3cr3t');
});
