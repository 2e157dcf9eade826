import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { causeToReplace } from '../../../src/lifecycle/cause.js';
import type { ObjectValue } from '../../../src/plugin/index.js';
import { identityOf } from '../../../src/provider/bucket-access-key/secret-argument.js';
import { configurationIn, recordedIn } from '../../../src/provider/bucket-access-key/state.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'identity-')));
const keys = join(folder, 'keys');
mkdirSync(join(keys, 'more'), { recursive: true });
symlinkSync(keys, join(folder, 'linked'));
symlinkSync('linked', join(folder, 'twice'));
for (const name of ['store', 'other']) writeFileSync(join(keys, name), '#!/bin/sh\n', { mode: 0o755 });
const home = process.cwd();
const path = process.env.PATH;

beforeAll(() => {
  process.chdir(folder);
  process.env.PATH = `${keys}:${path ?? ''}`;
  process.env.VAULT_NAMESPACE = 'team/a';
});

afterAll(() => {
  process.chdir(home);
  process.env.PATH = path;
  delete process.env.VAULT_NAMESPACE;
  rmSync(folder, { recursive: true });
});

/** One destination: ways to write it, what a state says that it is called, and others that it is not. */
interface Place {
  readonly ways: readonly ObjectValue[];
  readonly reference: string;
  readonly others: readonly ObjectValue[];
}

const file = (path: string) => ({ file: { path, format: null, age_recipients: null } });
const secret = (id: string) => ({ secrets_manager: { secret_id: id, format: null } });
const parameter = (name: string) => ({
  ssm_parameter: { name, kms_key_id: null, tier: null, format: null },
});
const vault = (mount: string, path: string, namespace: string | null = null) => ({
  vault_kv: { mount, path, namespace, format: null },
});
const command = (...write: string[]) => ({ command: { write, delete: null, format: null } });

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:';
const PARAMETER = 'arn:aws:ssm:eu-central-1:111122223333:parameter';

const inFolder = (name: string): Place => ({
  ways: [
    `keys/${name}`,
    `./keys/${name}`,
    `././keys//${name}`,
    `keys/../keys/${name}`,
    `keys/more/../${name}`,
    `linked/${name}`,
    `./linked/../keys/${name}`,
    `twice/${name}`,
    join(keys, name),
    join(folder, 'linked', name),
    `../${relative(join(folder, '..'), keys)}/${name}`,
  ].map(file),
  reference: `keys/${name}`,
  others: [`keys/${name}x`, `keys/more/${name}`, name, `/${name}`, `absent/keys/${name}`].map(file),
});

/** AWS has added `Ab12Cd` to the name. */
const inSecret = (name: string): Place => ({
  ways: [name, `${ARN}${name}-Ab12Cd`, `${ARN}${name}`].map(secret),
  reference: `${ARN}${name}-Ab12Cd:::11112222-3333-4444-8888-AKIAIOSFODNN`,
  others: [
    `${name}-Ab12Cd`,
    `${name}-Xy98Zw`,
    `${ARN}${name}-Xy98Zw`,
    `${ARN}${name}-Ab12Cd-Ab12Cd`,
    `${ARN.replace('1111', '9999')}${name}-Ab12Cd`,
    name.slice(0, -1),
  ].map(secret),
});

const inParameter = (name: string): Place => ({
  ways: [`/ci/${name}`, `${PARAMETER}/ci/${name}`, `ci/${name}`].map(parameter),
  reference: `/ci/${name}`,
  others: [`/ci/${name}/key`, `/${name}`, name, `${PARAMETER}/${name}`, `/ci-${name}`].map(parameter),
});

const inVault = (name: string): Place => ({
  ways: [
    vault('kv/apps', name),
    vault('/kv/apps', name),
    vault('kv/apps/', name),
    vault('//kv/apps//', `/${name}`),
    vault('kv/apps', name, 'team/a'),
    vault('kv/apps/', `//${name}`, '/team/a/'),
  ],
  reference: `team/a/kv/apps/${name}`,
  others: [vault('kv', `apps/${name}`), vault('kv/apps', name, 'team'), vault('kv/apps', `${name}x`)],
});

const byProgram = (argument: string): Place => ({
  ways: [
    'store',
    'keys/store',
    './keys/store',
    'linked/store',
    join(keys, 'store'),
    join(folder, 'twice/store'),
  ]
    .map((program) => [program, argument, 'keys/other'])
    .concat([['store', argument, './linked/other']])
    .map((argv) => command(...argv)),
  reference: 'anything',
  others: [
    command('other', argument, 'keys/other'),
    command('store', argument),
    command('store', `${argument}x`, 'keys/other'),
    command('store', argument, 'other'),
  ],
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{1,8}$/);
/** Also one that ends like an ARN. */
const secretName = fc.oneof(
  word,
  word.map((text) => `${text}-abc123`),
  word.map((text) => `app/${text}-key`),
);
const place = fc.oneof(
  word.map((name) => inFolder(`${name}.json`)),
  secretName.map(inSecret),
  word.map(inParameter),
  word.map(inVault),
  word.map(byProgram),
);

const CREDENTIAL = {
  bucket_name: 'uploads',
  access_key_id: 'AKIAIOSFODNN7EXAMPLE',
  status: 'Active',
  created_at: '2026-01-02T03:04:05Z',
};

function causeOf(before: ObjectValue, reference: string, after: ObjectValue): string | null {
  const state = { ...CREDENTIAL, secret: before, secret_reference: reference };
  const wanted = configurationIn({ ...CREDENTIAL, secret: after }, state);
  return causeToReplace(recordedIn(state, new Uint8Array()), wanted)?.reason.why ?? null;
}

test('Over thirty ways to write one destination there is no rotation', () => {
  const all = [inFolder('a'), inSecret('a-abc123'), inParameter('a'), inVault('a'), byProgram('a')];
  expect(all.flatMap(({ ways }) => ways).length).toBeGreaterThanOrEqual(30);
  fc.assert(
    fc.property(place, ({ ways, reference }) => {
      for (const before of ways) {
        for (const after of ways)
          expect([before, after, causeOf(before, reference, after)]).toEqual([before, after, null]);
      }
    }),
    { numRuns: 60 },
  );
});

test('Another destination is another one, however alike it looks', () => {
  fc.assert(
    fc.property(place, ({ ways, reference, others }) => {
      for (const before of ways) {
        for (const after of others) {
          const cause = causeOf(before, reference, after);
          expect([before, after, cause]).toEqual([before, after, 'other destination']);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('Two resources of one destination are seen to have it in common, however they write it', () => {
  fc.assert(
    fc.property(place, ({ ways, reference }) => {
      const state = { ...CREDENTIAL, secret: ways[0] ?? null, secret_reference: reference };
      const places = ways
        // Without a state nobody can tell this name from one with six characters of AWS's.
        .filter((way) => !/secret:[^"]*-abc123"/.test(JSON.stringify(way)))
        .map((way) => identityOf({ bucket_name: 'uploads', secret: way }));
      expect(new Set([identityOf(state), ...places]).size).toBe(1);
    }),
    { numRuns: 60 },
  );
});
