import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderPair } from '../../../src/destinations/format.js';
import { Diagnostics, UNKNOWN } from '../../../src/plugin/index.js';
import type { CallContext, ObjectValue, Path, Value } from '../../../src/plugin/index.js';
import { bucketAccessKeySecret } from '../../../src/provider/bucket-access-key-secret/ephemeral-resource.js';
import { openSession } from '../../../src/provider/session.js';
import { Redactor } from '../../../src/secret/redactor.js';
import { newPair } from '../destinations/contract.js';
import { isolateEnvironment } from '../lightsail/environment.js';

isolateEnvironment();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ephemeral-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const MEMBERS = ['terraform_output', 'file', 'secrets_manager', 'ssm_parameter', 'vault_kv', 'command'];

/** As Terraform passes it: every member, null where it is not set. */
function configOf(secret: Record<string, Value> | typeof UNKNOWN): ObjectValue {
  const unset = Object.fromEntries(MEMBERS.map((name) => [name, null]));
  const value = secret === UNKNOWN ? UNKNOWN : { ...unset, ...secret };
  return { secret: value, access_key_id: null, secret_access_key: null };
}

const fileAt = (path: Value, more: Record<string, Value> = {}) =>
  configOf({ file: { path, format: null, age_recipients: null, ...more } });

function newContext(): CallContext {
  const silent = () => undefined;
  return {
    diagnostics: new Diagnostics(),
    signal: new AbortController().signal,
    log: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
    client: { deferralAllowed: false, writeOnlyAttributesAllowed: true },
  };
}

async function validate(config: ObjectValue, path: Path = ['secret']): Promise<readonly string[]> {
  const context = newContext();
  await bucketAccessKeySecret.validate?.(config, context);
  for (const { detail, path: pointed } of context.diagnostics.items) {
    expect(pointed).toEqual(path);
    expect(detail).toMatch(/No key (is affected|was made)/);
  }
  return context.diagnostics.items.map(({ summary }) => summary);
}

async function open(config: ObjectValue, provider: ObjectValue = {}) {
  const redactor = new Redactor();
  const context = newContext();
  const result = await bucketAccessKeySecret.open(config, openSession(provider, redactor), context);
  return { result, redactor, said: context.diagnostics.items };
}

describe('Validating the ephemeral resource', () => {
  it.each([
    [
      'terraform_output',
      { terraform_output: { age_recipients: null } },
      'secret.terraform_output holds no pair',
      ['secret', 'terraform_output'],
    ],
    [
      'command',
      { command: { write: ['put'], delete: null, format: null } },
      'secret.command holds no pair',
      ['secret', 'command'],
    ],
    [
      'age recipients',
      { file: { path: 'key.age', format: null, age_recipients: ['age1x'] } },
      'secret.file.age_recipients leaves nothing that could be read',
      ['secret', 'file', 'age_recipients'],
    ],
    ['no store', {}, 'secret names no destination', ['secret']],
    [
      'two stores',
      {
        file: { path: 'a', format: null, age_recipients: null },
        ssm_parameter: { name: 'b', format: null, kms_key_id: null, tier: null },
      },
      'secret names 2 destinations: file and ssm_parameter',
      ['secret'],
    ],
  ])('refuses %s, once, at its place, and says what to do', async (_what, secret, summary, path) => {
    expect(await validate(configOf(secret), path)).toEqual([expect.stringContaining(summary)]);
  });

  it('offers only what can be read in place of nothing', async () => {
    const context = newContext();
    await bucketAccessKeySecret.validate?.(configOf({}), context);
    expect(context.diagnostics.items[0]?.detail).toContain(
      'Give exactly one of file, secrets_manager, ssm_parameter, vault_kv.',
    );
  });

  it('lets everything pass that a store takes, or that is not known yet', async () => {
    const stores: Record<string, Value>[] = [
      { file: { path: UNKNOWN, format: 'ini', age_recipients: UNKNOWN } },
      { secrets_manager: { secret_id: 'arn:aws:secretsmanager:eu-west-1:1:secret:a:::v', format: null } },
      { ssm_parameter: { name: '/a', format: 'env', kms_key_id: null, tier: 'Advanced' } },
      { vault_kv: { mount: 'secret', path: 'a', namespace: null, format: null } },
      { terraform_output: UNKNOWN },
      { command: UNKNOWN },
    ];
    for (const store of stores) expect(await validate(configOf(store))).toEqual([]);
    expect(await validate(configOf(UNKNOWN))).toEqual([]);
  });
});

describe('Opening the ephemeral resource', () => {
  it('gives the pair, keeps the configuration as it is, and the redactor knows the secret', async () => {
    const pair = newPair();
    const path = join(folder, 'key');
    writeFileSync(path, renderPair('credential_process', pair));
    const config = fileAt(path, { format: 'sdk' });
    const { result, redactor, said } = await open(config);
    expect(said).toEqual([]);
    const secret = pair.secretAccessKey.reveal();
    expect(result).toEqual({ ...config, access_key_id: pair.accessKeyId, secret_access_key: secret });
    expect(redactor.redact(`it is ${secret}`)).toBe('it is ********');
  });

  it('says that the key has to be applied first where there is no pair, and how to wait for it', async () => {
    const path = join(folder, 'key');
    const { said, result } = await open(fileAt(path));
    expect(said).toMatchObject([
      {
        severity: 'error',
        summary: `There is no pair in file ${path}`,
        detail: expect.stringMatching(
          /Apply the key first.*path = lightsail_bucket_access_key\.NAME\.secret_reference$/,
        ) as string,
        path: ['secret'],
      },
    ]);
    expect(result.secret_access_key).toBeNull();
  });

  it('says of something else that it cannot be read, and never what it is', async () => {
    const path = join(folder, 'key');
    writeFileSync(path, 'a/strangers+secret');
    const { said } = await open(fileAt(path));
    expect(said).toMatchObject([
      {
        summary: `The pair in file ${path} cannot be read`,
        detail: expect.stringContaining('No key is affected.') as string,
      },
    ]);
    expect(JSON.stringify(said)).not.toContain('strangers');
  });

  it('reads nothing while a part of the provider block is not known', async () => {
    const pair = newPair();
    const path = join(folder, 'key');
    writeFileSync(path, renderPair('sdk', pair));
    const { said, result } = await open(fileAt(path), { region: UNKNOWN });
    expect(said).toMatchObject([{ summary: `file ${path} cannot be read yet` }]);
    expect(result.secret_access_key).toBeNull();
  });

  it('refuses what has turned out to be null', async () => {
    const { said } = await open(fileAt(null));
    expect(said).toMatchObject([{ summary: 'There is no store from which a pair could be read' }]);
  });

  it('says what is missing where AWS cannot be asked', async () => {
    const config = configOf({ ssm_parameter: { name: '/a', format: null, kms_key_id: null, tier: null } });
    const { said } = await open(config);
    expect(said).toMatchObject([
      {
        summary: 'The pair in SSM parameter /a cannot be read',
        detail: expect.stringMatching(/The AWS region is not known.*No key is affected\./) as string,
      },
    ]);
  });
});
