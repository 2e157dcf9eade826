import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { VaultKvDestination } from '../../../src/destinations/vault-kv/store.js';
import { DestinationError } from '../../../src/lifecycle/destination.js';
import type { FaultLane } from '../../support/fault-lane.js';
import { PLAYED } from '../../support/vault/played-answers.js';
import { EVERYTHING } from '../../support/vault/policy.js';
import type { Policy } from '../../support/vault/policy.js';
import { VaultWorkbench } from '../../support/vault/workbench.js';
import { entryFor, newPair } from './contract.js';

const bench = new VaultWorkbench();
let lane: FaultLane;
beforeAll(async () => {
  lane = await bench.lane();
});
afterAll(() => bench.close());
afterEach(() => {
  lane.clear();
  lane.step = (effect) => effect();
});

async function refusalOf(work: Promise<unknown>): Promise<DestinationError> {
  const error: unknown = await work.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DestinationError);
  return error as DestinationError;
}

async function delivered() {
  const path = bench.newPath();
  const destination = bench.destination(path, lane);
  const pair = newPair();
  await destination.stage(pair);
  await destination.promote(pair.accessKeyId);
  return { path, destination, pair };
}

test('A pair is keys of the secret, or one text in another format; the live one is never read.', async () => {
  const from = lane.calls.length;
  const { path, pair } = await delivered();
  expect(await bench.consumed(path)).toMatchObject({
    accessKeyId: pair.accessKeyId,
    secretAccessKey: pair.secretAccessKey.reveal(),
    bucketName: 'uploads',
  });
  const env = bench.destination(path, lane, { format: 'env' });
  const next = newPair();
  await env.stage(next);
  await env.promote(next.accessKeyId);
  expect((await bench.consumed(path))?.value).toContain(`AWS_ACCESS_KEY_ID=${next.accessKeyId}\n`);
  expect(lane.calls.slice(from)).not.toContain(`GET ${bench.mount}/data/${path}`);
});

test("Somebody's own custom metadata stays.", async () => {
  const path = bench.newPath();
  await bench.request('POST', `${bench.mount}/metadata/${path}`, { custom_metadata: { owner: 'team' } });
  const destination = bench.destination(path, lane);
  const pair = newPair();
  await destination.stage(pair);
  await destination.promote(pair.accessKeyId);
  const metadata = await bench.request('GET', `${bench.mount}/metadata/${path}`);
  expect(metadata?.custom_metadata).toEqual({
    owner: 'team',
    lightsail_access_keys: `${pair.accessKeyId} (version 1)`,
  });
});

test.each(['before', 'after'] as const)('An answer lost %s any one write changes nothing.', async (drop) => {
  for (const call of [/^POST \S+pending$/, /^POST \S+metadata\S+uploads$/, /^POST \S+data\S+uploads$/]) {
    lane.plan(call, { drop }, 1);
    const { path, destination, pair } = await delivered();
    expect(await destination.read()).toEqual({ current: { accessKeyId: pair.accessKeyId } });
    const metadata = await bench.request('GET', `${bench.mount}/metadata/${path}`);
    expect(metadata?.current_version).toBe(1);
    lane.plan(/^POST \S+journal$/, { drop }, 1);
    const entry = entryFor(pair);
    expect(await destination.journal.write(entry, '0')).toEqual(await destination.journal.read());
    expect((await destination.journal.read()).entry).toEqual(entry);
  }
});

test('A value that comes between the announcement and the write is kept, and not taken for ours.', async () => {
  const { path, destination } = await delivered();
  const pair = newPair();
  await destination.stage(pair);
  lane.step = async (effect) => {
    if (lane.calls.at(-1) === `POST ${bench.mount}/data/${path}`) await bench.put(path);
    return effect();
  };
  expect((await refusalOf(destination.promote(pair.accessKeyId))).message).toContain('by another writer');
  expect(await bench.consumed(path)).toEqual({ theirs: 'yes' });
  expect((await bench.destination(path, lane).read()).current).toEqual({ accessKeyId: null });
  expect((await refusalOf(destination.promote(pair.accessKeyId))).message).toContain('by another writer');
});

test('Where somebody has written since the pair was staged, nothing is written at all.', async () => {
  const { path, destination } = await delivered();
  const pair = newPair();
  await destination.stage(pair);
  await bench.put(path);
  const from = lane.calls.length;
  await refusalOf(destination.promote(pair.accessKeyId));
  expect(lane.calls.slice(from).filter((call) => call.startsWith('POST'))).toEqual([]);
});

test('A deleted pair has vanished, and a new one follows it; a deleted stranger is not buried.', async () => {
  const { path, destination, pair } = await delivered();
  await bench.request('DELETE', `${bench.mount}/data/${path}`);
  expect((await destination.read()).current).toBeNull();
  await destination.check();
  const next = newPair();
  await destination.stage(next);
  await destination.promote(next.accessKeyId);
  expect((await destination.read()).current).toEqual({ accessKeyId: next.accessKeyId });
  expect(await destination.remove(pair.accessKeyId)).toBe('not-ours');

  const other = bench.newPath();
  await bench.put(other);
  await bench.request('DELETE', `${bench.mount}/data/${other}`);
  const refusal = await refusalOf(bench.destination(other, lane).check());
  expect(refusal.remedy).toContain('vault kv metadata delete');
});

describe('What the token may not do is named with its path', () => {
  const needed = {
    'data/P': ['create', 'update'],
    'metadata/P': ['create', 'read', 'update', 'delete'],
    'data/P.lightsail-journal': ['create', 'read', 'update'],
    'metadata/P.lightsail-journal': ['delete'],
    'data/P.lightsail-pending': ['create', 'read', 'update'],
    'metadata/P.lightsail-pending': ['delete'],
  };
  /** All that is needed but one. */
  const policyFor = (path: string, without?: readonly [path: string, capability: string]) =>
    Object.fromEntries(
      Object.entries(needed).map(([key, capabilities]) => [
        `${bench.mount}/${key.replace('P', path)}`,
        capabilities.filter((one) => !(without?.[0] === key && without[1] === one)),
      ]),
    );
  const all = Object.entries(needed).flatMap(([key, list]) => list.map((one) => [key, one] as const));

  const limited = async (path: string, policy: Policy) => {
    const { token } = await bench.operator.limited(policy);
    return bench.destination(path, lane, {}, { VAULT_TOKEN: token });
  };

  async function wholeLife(destination: VaultKvDestination): Promise<void> {
    await destination.check();
    let revision = '0';
    let last = '';
    for (const pair of [newPair(), newPair()]) {
      revision = (await destination.journal.write(entryFor(pair), revision))?.revision ?? '';
      await destination.stage(pair);
      await destination.stage(pair);
      await destination.staged(pair.accessKeyId);
      await destination.promote(pair.accessKeyId);
      last = pair.accessKeyId;
    }
    expect(await destination.remove(last)).toBe('removed');
  }

  test('with all of them everything works', async () => {
    const path = bench.newPath();
    await wholeLife(await limited(path, policyFor(path)));
    expect(await bench.names(path.replace(/[^/]+$/, ''))).toEqual([]);
  });

  test.each(all)('before any key is made: %s: %s', async (key, capability) => {
    const path = bench.newPath();
    const destination = await limited(path, policyFor(path, [key, capability]));
    const refusal = await refusalOf(destination.check());
    expect(refusal.message).toContain(key.replace('P', path));
    expect(`${refusal.message} ${refusal.remedy}`).toContain(capability);
  });

  // The custom metadata has made the secret by then: only another version of Vault may ask for it.
  const met = all.filter(([key, capability]) => key !== 'data/P' || capability !== 'create');
  test.each(met)('by the call that needs it, where Vault does not tell: %s: %s', async (key, capability) => {
    const path = bench.newPath();
    const policy = policyFor(path, [key, capability]);
    const destination = await limited(path, { ...policy, 'sys/capabilities-self': ['deny'] });
    const refusal = await refusalOf(wholeLife(destination));
    expect(refusal.message).toContain(key.replace('P', path));
    expect(`${refusal.message} ${refusal.remedy}`).toContain(capability);
  });
});

describe('What cannot take a pair is refused by name', () => {
  test('a mount of version 1, and one that is missing', async () => {
    const old = bench.destination('app', lane, { mount: await bench.operator.newMount('1') });
    expect((await refusalOf(old.check())).message).toContain('not in a KV engine of version 2');
    const missing = bench.destination('app', lane, { mount: 'none' });
    expect((await refusalOf(missing.check())).message).toContain('none/metadata/app');
  });

  test('a namespace that is missing, one of another token, and one that is sealed', async () => {
    const within = (namespace: string, env = {}) => bench.destination('app', lane, { namespace }, env);
    expect((await refusalOf(within('none').check())).remedy).toContain('the namespace');
    const { token } = await bench.operator.limited({ [`${bench.mount}/*`]: EVERYTHING });
    const { namespace } = await bench.operator.newNamespace();
    const stranger = await refusalOf(within(namespace, { VAULT_TOKEN: token }).check());
    expect(stranger.remedy).toContain('of another namespace');
    const sealed = within(await bench.operator.sealedNamespace());
    expect((await refusalOf(sealed.read())).message).toContain('sealed');
  });

  test('a Vault before 1.9, which keeps no custom metadata', async () => {
    const before = bench.destination(bench.newPath(), lane);
    const pair = newPair();
    await before.stage(pair);
    lane.plan(/^POST \S+metadata/, PLAYED.takenAndNotKept);
    expect((await refusalOf(before.promote(pair.accessKeyId))).remedy).toContain('1.9');
  });
});

describe('Address and token are found as the CLI finds them', () => {
  test('AppRole, whose token is renewed in time, in a namespace', async () => {
    const team = await bench.operator.newNamespace();
    await team.makeMount(bench.mount);
    const { roleId, secretId } = await team.appRole({ '*': EVERYTHING }, 2);
    const role = {
      VAULT_TOKEN: '',
      VAULT_ROLE_ID: roleId,
      VAULT_SECRET_ID: secretId,
      VAULT_NAMESPACE: `${team.namespace}/`,
    };
    const destination = bench.destination('app', lane, {}, role);
    const pair = newPair();
    await destination.stage(pair);
    await pause(2100);
    await destination.promote(pair.accessKeyId);
    expect(await bench.consumed('app')).toBeNull();
    expect(await team.request('GET', `${bench.mount}/data/app`)).toMatchObject({
      data: { accessKeyId: pair.accessKeyId },
    });
    expect(destination.title).toContain(`namespace ${team.namespace}`);
    const wrong = bench.destination('app', lane, {}, { ...role, VAULT_SECRET_ID: 'wrong-secret-id' });
    const refusal = await refusalOf(wrong.read());
    expect(refusal.message).toContain('AppRole');
    expect(`${refusal.message} ${refusal.remedy}`).not.toContain('wrong-secret-id');
  });

  test('The token file, and what is missing without it', async () => {
    const HOME = mkdtempSync(join(tmpdir(), 'home-'));
    try {
      writeFileSync(join(HOME, '.vault-token'), `${bench.token}\n`);
      await bench.destination('app', lane, {}, { VAULT_TOKEN: '', HOME }).read();
    } finally {
      rmSync(HOME, { recursive: true });
    }
    const none = bench.destination('app', lane, {}, { VAULT_TOKEN: '' });
    expect((await refusalOf(none.read())).remedy).toContain('VAULT_TOKEN');
  });

  test('A path that cannot be is refused; so are an address that is none, a silent server, and a missing CA.', async () => {
    for (const path of ['app/', 'app//x', '../app', 'app/*'])
      expect((await refusalOf(bench.destination(path, lane).read())).message).toContain('path');
    const at = (address: string, env = {}) => bench.destination('app', lane, { address }, env).read();
    expect((await refusalOf(at('vault:8200'))).message).toContain('not the address');
    expect((await refusalOf(at('http://127.0.0.1:1'))).message).toContain('ECONNREFUSED');
    expect((await refusalOf(at('https://127.0.0.1:1', { VAULT_CACERT: '/none.pem' }))).message).toContain(
      '/none.pem',
    );
  });
});

test('A busy or restarting server is asked again; a pair is in no error.', async () => {
  const destination = bench.destination(bench.newPath(), lane);
  for (const reply of [PLAYED.throttled, PLAYED.restarting, PLAYED.broken]) lane.plan(/^POST/, reply, 1);
  const pair = newPair();
  await destination.stage(pair);
  const secret = pair.secretAccessKey.reveal();
  lane.plan(/^POST/, PLAYED.quoting(secret));
  const refusal = await refusalOf(destination.promote(pair.accessKeyId));
  expect(`${refusal.message} ${refusal.remedy} ${String(refusal.stack)}`).not.toContain(secret);
});

describe("An answer in other words than Vault's, from a portal or a proxy on the way,", () => {
  const answers = ['', '{}', 'null', '{"data":null}', '[1]', '<html>Sign in</html>'].map((body) => ({
    status: 200,
    body,
  }));

  test.each(answers)('is no answer: the call is sent again ($body)', async (reply) => {
    for (const call of [/^GET/, /^POST/, /^DELETE/]) {
      lane.clear();
      const { path, destination, pair } = await delivered();
      lane.plan(call, reply, 1);
      lane.plan(call, { answeredBy: reply }, 1);
      const next = newPair();
      await destination.stage(next);
      await destination.promote(next.accessKeyId);
      expect((await bench.consumed(path))?.accessKeyId).toBe(next.accessKeyId);
      expect(await destination.remove(pair.accessKeyId)).toBe('not-ours');
      lane.plan(call, reply, 1);
      expect(await destination.remove(next.accessKeyId)).toBe('removed');
      expect(await bench.consumed(path)).toBeNull();
    }
  });

  test('is none that only warns', async () => {
    const warning = { status: 200, body: '{"request_id":"0a1b","data":null,"warnings":["deprecated"]}' };
    const { destination, pair } = await delivered();
    lane.plan(/^DELETE/, { answeredBy: warning });
    expect(await destination.remove(pair.accessKeyId)).toBe('removed');
  });

  test('is reported as such where Vault never answers', async () => {
    lane.plan(/./, { status: 200, body: '<html>Sign in</html>' });
    const refusal = await refusalOf(bench.destination(bench.newPath(), lane).read());
    expect(refusal.message).toBe(
      `Vault at ${lane.url} gave no answer that could be used: the answer (200) is not Vault's; a portal or a proxy on the way may have given it.`,
    );
    expect(refusal.remedy).toContain('VAULT_ADDR');
  });
});
