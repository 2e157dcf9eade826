import { VaultConnections } from '../../../src/destinations/vault-kv/kv-api.js';
import { deleteWithPair } from '../../../src/lifecycle/delete.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import type { FaultLane } from '../../support/fault-lane.js';
import { FakeBucket, MortalRun } from '../../support/mortal-run.js';
import type { Operator } from '../../support/vault/operator.js';
import { PLAYED } from '../../support/vault/played-answers.js';
import { EVERYTHING } from '../../support/vault/policy.js';
import { VaultWorkbench } from '../../support/vault/workbench.js';
import { newPair } from './contract.js';

const ORDER = { exclusive: true, verifySeconds: 60 };
const bench = new VaultWorkbench();
let lane: FaultLane;
let path: string;
beforeAll(async () => {
  lane = await bench.lane();
});
afterAll(() => bench.close());
beforeEach(() => {
  path = bench.newPath();
});
afterEach(() => {
  lane.clear();
  bench.late.milliseconds = 0;
  bench.late.hasIndex = true;
});

describe('One process with AppRole', () => {
  let team: Operator;
  let role: Record<string, string>;
  beforeEach(async () => {
    team = await bench.operator.newNamespace();
    await team.makeMount(bench.mount);
    const { roleId, secretId } = await team.appRole({ '*': EVERYTHING }, 60, 1);
    role = {
      VAULT_TOKEN: '',
      VAULT_ROLE_ID: roleId,
      VAULT_SECRET_ID: secretId,
      VAULT_NAMESPACE: team.namespace,
    };
  });
  const logins = (from: number) =>
    lane.calls.slice(from).filter((call) => call === 'POST auth/approle/login').length;

  test('logs in once for all its destinations: a secret ID that is good for one login is enough', async () => {
    const from = lane.calls.length;
    const connections = new VaultConnections();
    const pairs = Array.from({ length: 5 }, newPair);
    await Promise.all(
      pairs.map(async (pair, index) => {
        const destination = bench.destination(`app-${index}`, lane, { connections }, role);
        await destination.stage(pair);
        await destination.promote(pair.accessKeyId);
      }),
    );
    expect(logins(from)).toBe(1);
    const again = bench.destination('app-0', lane, { connections }, role);
    expect((await again.read()).current).toEqual({ accessKeyId: pairs[0]?.accessKeyId });
  });

  test('gives its token back at the end', async () => {
    const tokens: string[] = [];
    const connections = new VaultConnections();
    const learn = (secret: { reveal(): string }) => tokens.push(secret.reveal());
    await bench.destination('app', lane, { connections, learn }, role).read();
    const asItself = bench.as(tokens.at(-1) ?? '', team.namespace);
    expect((await asItself.send('GET', `${bench.mount}/config`)).status).toBe(200);
    await connections.release();
    expect((await asItself.send('GET', `${bench.mount}/config`)).status).toBe(403);
  });

  test('ends without a word where the token may not be given back', async () => {
    const connections = new VaultConnections();
    await bench.destination('app', lane, { connections }, role).read();
    lane.plan(/revoke-self/, { status: 403, body: '{"errors":["permission denied"]}' });
    await expect(connections.release()).resolves.toBeUndefined();
  });

  test('logs in again where a token was good for some calls only, and where a login has failed', async () => {
    const from = lane.calls.length;
    const connections = new VaultConnections();
    const auth = { client_token: bench.token, lease_duration: 0, num_uses: 2 };
    lane.plan(/approle\/login$/, { status: 400, body: '{"errors":["not now"]}' }, 1);
    lane.plan(/approle\/login$/, { status: 200, body: JSON.stringify({ auth }) });
    const destination = bench.destination('app', lane, { connections }, role);
    await expect(destination.read()).rejects.toThrow('AppRole');
    for (let read = 0; read < 4; read++) await destination.read();
    expect(logins(from)).toBe(3);
  });
});

describe('A standby that answers reads late', () => {
  /** Each as another process: of the servers it knows nothing. */
  const open = () => bench.destination(path, lane);

  test.each([
    ['and keeps to X-Vault-Index', true],
    ['and knows no X-Vault-Index', false],
  ])('%s: a key is made, replaced and destroyed, and none besides it', async (_, hasIndex) => {
    bench.late.milliseconds = 700;
    bench.late.hasIndex = hasIndex;
    bench.late.refused = 0;
    const bucket = new FakeBucket();
    const first = new MortalRun();
    const { key } = await issueKey(ORDER, first.world(bucket, open()));
    const second = new MortalRun();
    const world = second.world(bucket, open());
    world.known.sawInState(key.id);
    world.known.release(key.id, key.id);
    const { key: next } = await issueKey({ ...ORDER, replaces: key.id }, world);
    expect(await bench.consumed(path)).toMatchObject({ accessKeyId: next.id });
    expect(bucket.ids).toEqual([key.id, next.id]);
    await deleteWithPair(new MortalRun().world(bucket, open()), next.id);
    expect([bucket.ids, await bench.consumed(path)]).toEqual([[key.id], null]);
    expect([...first.notices, ...second.notices]).toEqual([]);
    expect(bench.late.refused > 0).toBe(hasIndex);
  });
});

describe('A mount that is not ready', () => {
  const UPGRADING =
    'Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief period and will resume service shortly.';
  const WAITING =
    'Waiting for the primary to upgrade from non-versioned to versioned data. This backend will be unavailable for a brief period and will resume service when the primary is finished.';

  test.each([UPGRADING, WAITING])('is waited for, and Terraform’s log says so: %s', async (words) => {
    const said: unknown[] = [];
    lane.plan(/./, PLAYED.refusing(400, words), 3);
    const log = (what: string, facts: object) => said.push([what, facts]);
    const destination = bench.destination(path, lane, { log });
    const pair = newPair();
    await destination.stage(pair);
    await destination.promote(pair.accessKeyId);
    expect(await bench.consumed(path)).toMatchObject({ accessKeyId: pair.accessKeyId });
    const why = `mount ${bench.mount} is being upgraded to version 2`;
    expect(said).toEqual([['Vault is waited for', expect.objectContaining({ why, seconds: 0 })]]);
  });

  test('since it was made a moment ago is waited for where a key is to be made, and nowhere else', async () => {
    const missing = `no handler for route "${bench.mount}/metadata/${path}". route entry not found.`;
    lane.plan(/./, PLAYED.refusing(404, missing), 3);
    await expect(bench.destination(path, lane).read()).rejects.toThrow('Vault knows no');
    const awaiting = bench.destination(path, lane, { awaitsMount: true });
    expect(await awaiting.read()).toEqual({ current: null });
  });
});
