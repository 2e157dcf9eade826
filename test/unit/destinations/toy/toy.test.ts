import { Testing } from 'cdktf';
import { policy } from '../../../../src/command/policy.js';
import { BucketAccessKey } from '../../../../src/constructs/bucket-access-key.js';
import type { DestinationChoice } from '../../../../src/destinations/descriptor.js';
import { DESTINATIONS, openDestination } from '../../../../src/destinations/registry.js';
import { SharedStores } from '../../../../src/destinations/shared-stores.js';
import { Diagnostics } from '../../../../src/plugin/index.js';
import type { CallContext, ObjectValue } from '../../../../src/plugin/index.js';
import { bucketAccessKeySecret } from '../../../../src/provider/bucket-access-key-secret/ephemeral-resource.js';
import { createKey } from '../../../../src/provider/bucket-access-key/apply.js';
import { changedTreatment, identityOf } from '../../../../src/provider/bucket-access-key/secret-argument.js';
import { planKey } from '../../../../src/provider/bucket-access-key/plan.js';
import { systemClock } from '../../../../src/provider/cloud.js';
import type { Cloud, Outside, Readable } from '../../../../src/provider/cloud.js';
import { lightsailProvider } from '../../../../src/provider/provider.js';
import { ProcessRuns } from '../../../../src/provider/runs.js';
import { Session } from '../../../../src/provider/session.js';
import { Redactor } from '../../../../src/secret/redactor.js';
import { Secret } from '../../../../src/secret/secret.js';
import { toyShelf } from './construct.js';
import { SHELVES } from './store.js';

/* What a destination costs: its folder (here `descriptor.ts` and `store.ts`), its line in the registry, which this mock
   adds, and of the constructs a line in the table of their destinations (`rules.ts`) and a method (`construct.ts`). Nothing else in `src` knows of the toy, and all of it works. */
jest.mock('../../../../src/destinations/registry.js', () => {
  const actual = jest.requireActual<typeof import('../../../../src/destinations/registry.js')>(
    '../../../../src/destinations/registry.js',
  );
  const { toy } = jest.requireActual<typeof import('./descriptor.js')>('./descriptor.js');
  return { ...actual, DESTINATIONS: [...actual.DESTINATIONS, toy] };
});

jest.mock('../../../../src/constructs/private/secret-rules.js', () => {
  const actual = jest.requireActual<typeof import('../../../../src/constructs/private/secret-rules.js')>(
    '../../../../src/constructs/private/secret-rules.js',
  );
  const { TOY } = jest.requireActual<typeof import('./rules.js')>('./rules.js');
  const all = { ...actual.DESTINATIONS, toyShelf: TOY };
  return { ...actual, DESTINATIONS: all, SECRET: actual.oneDestination(all) };
});

const ID = 'AKIATOYTOYTOYTOYTOY1';
const SECRET = 'toy/secret+of=the/key0123456789012345678';

const toy = (shelf: string, more: ObjectValue = {}): ObjectValue => ({
  ...Object.fromEntries(DESTINATIONS.map(({ name }) => [name, null])),
  toy_shelf: { shelf, colour: null, format: null, ...more },
});

function contextOf(diagnostics = new Diagnostics()): CallContext {
  const quiet = () => undefined;
  return {
    diagnostics,
    signal: new AbortController().signal,
    log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
    client: { deferralAllowed: false, writeOnlyAttributesAllowed: true },
  };
}

const { resources, ephemeralResources } = lightsailProvider(new Redactor());
const resource = resources.lightsail_bucket_access_key;

function refusalsOf(secret: ObjectValue): string {
  const diagnostics = new Diagnostics();
  void resource?.validate?.(configOf(secret), contextOf(diagnostics));
  return diagnostics.items.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n');
}

function configOf(secret: ObjectValue): ObjectValue {
  const { attributes, blocks = {} } = resource?.schema ?? { attributes: {} };
  const nothing = Object.fromEntries(Object.keys({ ...attributes, ...blocks }).map((name) => [name, null]));
  return { ...nothing, bucket_name: 'uploads', verify: false, secret };
}

/** A bucket without keys, and the registry's destinations. */
function session(): Session {
  const made: string[] = [];
  const key = { id: ID, status: 'Active', createdAt: new Date(), lastUse: null };
  const keys = {
    bucket: 'uploads',
    region: 'eu-west-1',
    list: () => Promise.resolve({ keys: made.map(() => key), asOf: new Date(), sentAt: new Date() }),
    create: () => {
      made.push(ID);
      return Promise.resolve({ outcome: 'created', key, secret: new Secret(SECRET) });
    },
    delete: () => Promise.resolve(),
  };
  const around = {
    bucket: 'uploads',
    access: { region: () => Promise.resolve('eu-west-1'), clientOptions: () => Promise.reject(new Error()) },
    vaultAddress: undefined,
    learn: () => undefined,
    shared: new SharedStores(),
    isToIssue: true,
  };
  const open = (choice: DestinationChoice) => openDestination(choice, around);
  const cloud: Cloud = {
    region: () => Promise.resolve('eu-west-1'),
    account: () => Promise.resolve(null),
    outside: async (_bucket, _region, choice) =>
      ({
        keys,
        keysOf: () => keys,
        destination: await open(choice),
        clock: systemClock,
        runs: new ProcessRuns().for({ bucket: 'uploads', place: '' }),
      }) as unknown as Outside,
    left: () => [],
    forgetLeft: () => undefined,
    readable: async (choice) => (await open(choice)) as unknown as Readable,
  };
  return new Session(cloud, new Redactor(), false);
}

beforeEach(() => {
  SHELVES.clear();
});

test('its block and its arguments are in the schema of the resource and of the ephemeral resource', () => {
  for (const schema of [resource?.schema, ephemeralResources.lightsail_bucket_access_key_secret?.schema]) {
    expect(schema?.blocks?.secret?.blocks?.toy_shelf).toMatchObject({
      description: 'Onto a shelf of toys.',
      attributes: {
        shelf: { type: 'string', required: true },
        colour: { type: 'string', optional: true },
        format: { type: 'string', optional: true },
      },
    });
  }
  expect(JSON.stringify(ephemeralResources.lightsail_bucket_access_key_secret?.schema)).toContain(
    '`vault_kv` and `toy_shelf`',
  );
});

test('it is validated by what its descriptor says', () => {
  expect(refusalsOf(toy('Attic'))).toBe('');
  expect(refusalsOf(toy(' '))).toContain('secret.toy_shelf.shelf is empty');
  expect(refusalsOf(toy('Attic', { colour: 'green' }))).toContain(
    'secret.toy_shelf.colour cannot be "green"',
  );
  expect(refusalsOf(toy('Attic', { format: 'xml' }))).toContain('secret.toy_shelf.format cannot be "xml"');
  const both = { ...toy('Attic'), terraform_output: { age_recipients: null } };
  expect(refusalsOf(both)).toContain('secret names 2 destinations: terraform_output and toy_shelf');
});

test('two ways to write one place are one, and what is treatment is no place', () => {
  const place = (secret: ObjectValue) => identityOf({ bucket_name: 'uploads', secret });
  expect(place(toy('ATTIC', { colour: 'red' }))).toBe(place(toy('attic', { format: 'sdk' })));
  expect(place(toy('attic'))).not.toBe(place(toy('cellar')));
  expect(place(toy('attic'))).not.toBe(place(toy('attic', { format: 'env' })));
  const changed = changedTreatment({ secret: toy('attic') }, { secret: toy('attic', { colour: 'red' }) });
  expect(changed).toEqual(['colour']);
});

test('a key is planned and created over it, and its pair read back', async () => {
  const diagnostics = new Diagnostics();
  const context = contextOf(diagnostics);
  const config = configOf(toy('Attic', { format: 'env' }));
  const opened = session();
  const privateData = new Uint8Array();
  const { planned } = await planKey({ config, prior: null, proposed: config, privateData }, opened, context);
  const { state } = await createKey({ config, planned, privateData }, opened, context);
  expect(diagnostics.items).toEqual([]);
  expect(state).toMatchObject({ access_key_id: ID, secret_reference: 'attic', secret_access_key: null });
  expect(SHELVES.get('attic')).toContain(`AWS_SECRET_ACCESS_KEY=${SECRET}`);

  const read = await bucketAccessKeySecret.open({ secret: toy('attic') }, opened, context);
  expect(diagnostics.items).toEqual([]);
  expect(read).toMatchObject({ access_key_id: ID, secret_access_key: SECRET });
});

test('the command gives its rights, and tells of its option', () => {
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const place = ['--region', 'eu-west-1', '--account', '111122223333'];
  const bucket = 'arn:aws:lightsail:eu-west-1:111122223333:Bucket/b';
  void policy.run(['--bucket', bucket, ...place, '--destination', 'toy-shelf', '--shelf', 'attic']);
  expect(JSON.parse(String(printed.mock.calls[0]?.[0]))).toMatchObject({
    Statement: [{}, {}, { Sid: 'PutToys', Action: ['toys:PutToy'], Resource: ['attic'] }],
  });
  printed.mockRestore();
  expect(policy.usage).toMatch(/vault-kv, command, toy-shelf\n/);
  expect(policy.usage).toContain("  --shelf S         toy-shelf: the shelf's name");
});

test('a stack sends a key there', () => {
  const synthesized = Testing.synthScope((scope) => {
    new BucketAccessKey(scope, 'key', { bucketName: 'uploads', secret: toyShelf({ shelf: 'attic' }) });
  });
  const { resource: synthesizedResources } = JSON.parse(synthesized) as {
    resource: { lightsail_bucket_access_key: Record<string, object> };
  };
  expect(Object.values(synthesizedResources.lightsail_bucket_access_key)).toMatchObject([
    { secret: { toy_shelf: { shelf: 'attic' } } },
  ]);
});
