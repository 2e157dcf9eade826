import type { Operator } from '../../support/vault/operator.js';
import { VaultWorkbench } from '../../support/vault/workbench.js';

/**
 * What the destination relies on is shown by its own tests only as far as the stand-in answers as a server does: npm
 * run test:vault asks the server the same.
 */
const bench = new VaultWorkbench();
const { operator, mount } = bench;
beforeAll(() => bench.makeMount());
afterAll(() => bench.close());

let path: string;
beforeEach(() => {
  path = bench.newPath();
});
const data = () => `${mount}/data/${path}`;
const metadata = () => `${mount}/metadata/${path}`;

type Reply = readonly [status: number, body: unknown];

async function ask(method: string, at: string, body?: object, as: Operator = operator): Promise<Reply> {
  const reply = await as.send(method, at, body);
  return [reply.status, reply.body === '' ? '' : (JSON.parse(reply.body) as unknown)];
}
const write = (cas?: number) =>
  ask('POST', data(), { data: { some: 'value' }, ...(cas !== undefined && { options: { cas } }) });
const describeBy = (custom: object | null) => ask('POST', metadata(), { custom_metadata: custom });
const custom = async () => (await bench.request('GET', metadata()))?.custom_metadata;
/** An answer that holds at least this. */
const answer = (status: number, body: object) => [status, expect.objectContaining(body) as unknown];
const refusal = (status: number, ...errors: string[]) => [status, { errors }];
const DENIED = refusal(403, '1 error occurred:\n\t* permission denied\n\n');
const MISMATCH = refusal(400, 'check-and-set parameter did not match the current version');

describe('A secret', () => {
  it('that never was is answered without a reason', async () => {
    for (const at of [data(), metadata()]) expect(await ask('GET', at)).toEqual(refusal(404));
    expect(await ask('LIST', metadata())).toEqual(refusal(404));
    for (const at of [data(), metadata()]) expect(await ask('DELETE', at)).toEqual([204, '']);
  });

  it('takes a version where the one before is named, and from one writer only', async () => {
    expect(await write(1)).toEqual(MISMATCH);
    const about = { version: 1, custom_metadata: null, deletion_time: '', destroyed: false };
    expect(await write(0)).toEqual(answer(200, { data: expect.objectContaining(about) as unknown }));
    expect(await write(0)).toEqual(MISMATCH);
    expect(await write()).toEqual(answer(200, { data: expect.objectContaining({ version: 2 }) as unknown }));
    expect((await bench.request('GET', data()))?.metadata).toMatchObject({ ...about, version: 2 });
    expect(await ask('POST', data(), { options: { cas: 2 } })).toEqual(refusal(400, 'no data provided'));
  });

  it('keeps its latest ten versions', async () => {
    for (let version = 1; version <= 12; version++) await write();
    const { current_version: current, versions } = (await bench.request('GET', metadata())) ?? {};
    expect(current).toBe(12);
    expect(Object.keys(versions as object).map(Number)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('whose latest version is deleted keeps its number, and tells when', async () => {
    await write();
    await ask('DELETE', data());
    const about = { version: 1, deletion_time: expect.stringMatching(/^2.+Z$/) as unknown, destroyed: false };
    expect(await ask('GET', data())).toEqual(
      answer(404, { data: { data: null, metadata: expect.objectContaining(about) as unknown } }),
    );
    const versions = (await bench.request('GET', metadata()))?.versions;
    expect(versions).toMatchObject({ 1: { deletion_time: about.deletion_time, destroyed: false } });
    await ask('DELETE', data());
    expect((await bench.request('GET', metadata()))?.versions).toEqual(versions);
    expect(await write(0)).toEqual(MISMATCH);
    expect((await write(1))[0]).toBe(200);
  });

  it('begins again at version 1 where all of it was deleted', async () => {
    await write();
    await describeBy({ owner: 'team' });
    await ask('DELETE', metadata());
    expect(await ask('GET', metadata())).toEqual(refusal(404));
    expect((await write(0))[0]).toBe(200);
    expect(await custom()).toBeNull();
  });

  it('may be custom metadata alone, in front of its first version', async () => {
    await describeBy({ owner: 'team' });
    expect(await ask('GET', data())).toEqual(refusal(404));
    const about = { current_version: 0, versions: {}, custom_metadata: { owner: 'team' } };
    expect(await bench.request('GET', metadata())).toMatchObject(about);
    expect((await write(0))[0]).toBe(200);
  });
});

describe('Custom metadata', () => {
  it('are null where there are none, whether there never were or they were emptied', async () => {
    await write();
    expect(await custom()).toBeNull();
    for (const nothing of [{}, null]) {
      await describeBy({ owner: 'team' });
      await describeBy(nothing);
      expect(await custom()).toBeNull();
    }
  });

  it('are replaced as a whole, and stay where none are given', async () => {
    await describeBy({ owner: 'team', cost: 'centre' });
    expect(await describeBy({ owner: 'another' })).toEqual([204, '']);
    expect(await ask('POST', metadata(), {})).toEqual([204, '']);
    expect(await custom()).toEqual({ owner: 'another' });
  });

  it('have their limits', async () => {
    const key = 'k'.repeat(129);
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`key ${index}`, 'value']));
    const wrong: [object, string][] = [
      [{ [key]: 'value' }, `length of key "${key}" is 129 but must be 0 < len(key) <= 128`],
      [{ key: 'v'.repeat(513) }, 'length of value for key "key" is 513 but must be 0 < len(value) <= 512'],
      [{ key: '' }, 'length of value for key "key" is 0 but must be 0 < len(value) <= 512'],
      [many, 'payload must contain at most 64 keys, provided 65'],
    ];
    for (const [custom, words] of wrong) {
      const whole = `1 error occurred:\n\t* custom_metadata validation failed: ${words}\n\n`;
      expect(await describeBy(custom)).toEqual(refusal(400, whole));
    }
    expect((await describeBy({ key: 'v'.repeat(512) }))[0]).toBe(204);
  });
});

it('A folder is listed by one level, what lies deeper as a folder.', async () => {
  const folder = path.replace(/[^/]+$/, '');
  for (const name of ['b', 'a', 'c/d']) await bench.put(`${folder}${name}`);
  for (const at of [folder, folder.slice(0, -1)]) expect(await bench.names(at)).toEqual(['a', 'b', 'c/']);
});

describe('A version that is deleted by itself', () => {
  const lifetime = (seconds: number) => ({ delete_version_after: `${seconds}s` });
  const IN_FUTURE = expect.stringMatching(/^2.+Z$/) as unknown;

  it('carries the time of its deletion in each answer about it, and is read until then', async () => {
    await ask('POST', metadata(), lifetime(3600));
    expect(await write()).toEqual([
      200,
      expect.objectContaining({ data: expect.objectContaining({ deletion_time: IN_FUTURE }) as unknown }),
    ]);
    const read = await bench.request('GET', data());
    expect(read).toMatchObject({ data: { some: 'value' }, metadata: { deletion_time: IN_FUTURE } });
    const about = await bench.request('GET', metadata());
    expect(about).toMatchObject({ versions: { 1: { deletion_time: IN_FUTURE } } });
    expect(String(about?.delete_version_after)).toMatch(/^(3600s|1h0m0s)$/);
  });

  it('is so on the whole of a mount that says so', async () => {
    const name = await operator.newMount('2');
    expect(await bench.request('GET', `${name}/config`)).toMatchObject(lifetime(0));
    await ask('POST', `${name}/config`, lifetime(3600));
    const config = await bench.request('GET', `${name}/config`);
    expect(String(config?.delete_version_after)).toMatch(/^(3600s|1h0m0s)$/);
    const written = await bench.request('POST', `${name}/data/app`, { data: { some: 'value' } });
    expect(written).toMatchObject({ deletion_time: IN_FUTURE });
  });
});

describe('A mount', () => {
  const about = (name: string) => `sys/internal/ui/mounts/${name}`;

  it('tells its version; one that is missing is named, or is told from nothing by nobody', async () => {
    const old = await operator.newMount('1');
    for (const [name, version] of [
      [mount, '2'],
      [old, '1'],
    ] as const) {
      const type = { type: 'kv', options: { version } };
      expect((await bench.request('GET', about(name))) ?? {}).toMatchObject(type);
    }
    const hidden =
      'preflight capability check returned 403, please ensure client\'s policies grant access to path "none/"';
    expect(await ask('GET', about('none'))).toEqual(refusal(403, hidden));
    const missing = 'no handler for route "none/data/app". route entry not found.';
    expect(await ask('GET', 'none/data/app')).toEqual(refusal(404, missing));
    expect(await ask('POST', 'none/data/app', { data: {} })).toEqual(refusal(404, missing));
  });

  it('is found by a longer path as well, and named by its own', async () => {
    for (const longer of ['data', 'metadata/deeper']) {
      expect(await bench.request('GET', about(`${mount}/${longer}`))).toMatchObject({ path: `${mount}/` });
    }
  });

  it('of version 1 takes a value under any path, and knows no metadata', async () => {
    const old = await operator.newMount('1');
    expect(await ask('POST', `${old}/data/app`, { data: { some: 'value' } })).toEqual([204, '']);
    expect(await ask('GET', `${old}/metadata/app`)).toEqual(refusal(404));
  });
});

describe('A token', () => {
  it('without a right is refused, and is told what it may', async () => {
    const { token, limitTo } = await operator.limited({ [data()]: ['create', 'update'] });
    const limited = bench.as(token);
    expect((await ask('POST', data(), { data: {} }, limited))[0]).toBe(200);
    expect(await ask('GET', data(), undefined, limited)).toEqual(DENIED);
    expect(await ask('GET', 'none/data/app', undefined, limited)).toEqual(DENIED);
    const paths = [data(), metadata(), 'none/data/app'];
    const capabilities = () => ask('POST', 'sys/capabilities-self', { paths }, limited);
    const granted = { [data()]: ['create', 'update'], [metadata()]: ['deny'], 'none/data/app': ['deny'] };
    expect(await capabilities()).toEqual(answer(200, { data: granted }));
    await limitTo({ 'sys/capabilities-self': ['deny'] });
    expect(await capabilities()).toEqual(DENIED);
    expect((await ask('POST', data(), { data: {} }, limited))[0]).toBe(403);
  });

  it('needs the right to create for a new secret and to update for one that is there, if by its metadata', async () => {
    const limited = bench.as((await operator.limited({ [data()]: ['update'] })).token);
    const attempt = async () => (await ask('POST', data(), { data: {} }, limited))[0];
    expect(await attempt()).toBe(403);
    await describeBy({ owner: 'team' });
    expect(await attempt()).toBe(200);
  });

  it('that is none is refused wherever it is shown', async () => {
    const nobody = bench.as('none');
    for (const at of [data(), metadata(), 'sys/internal/ui/mounts/none']) {
      expect(await ask('GET', at, undefined, nobody)).toEqual(refusal(403, 'permission denied'));
    }
    const asked = await ask('POST', 'sys/capabilities-self', { paths: [data()] }, nobody);
    expect(asked).toEqual(refusal(403, 'permission denied'));
  });

  it('of the owner may do everything', async () => {
    const paths = [data(), 'none/data/app'];
    const granted = { [data()]: ['root'], 'none/data/app': ['root'] };
    expect(await ask('POST', 'sys/capabilities-self', { paths })).toEqual(answer(200, { data: granted }));
  });
});

describe('A namespace', () => {
  it('has its own mounts and tokens, and can be named in front of a path', async () => {
    const team = await operator.newNamespace();
    await team.makeMount(mount);
    await ask('POST', data(), { data: { of: 'team' } }, team);
    expect(await bench.consumed(path)).toBeNull();
    const { token, limitTo } = await operator.limited({ [data()]: ['read'] });
    const inTeam = () => ask('GET', data(), undefined, bench.as(token, team.namespace));
    expect(await inTeam()).toEqual(DENIED);
    for (const wider of [`${team.namespace}/${data()}`, '*']) {
      await limitTo({ [wider]: ['read'] });
      expect((await inTeam())[0]).toBe(200);
    }
    const { token: theirs } = await team.limited({ [data()]: ['read'] });
    expect((await ask('GET', data(), undefined, bench.as(theirs, team.namespace)))[0]).toBe(200);
    expect(await ask('GET', data(), undefined, bench.as(theirs))).toEqual(DENIED);
    expect(await operator.request('GET', `${team.namespace}/${data()}`)).toMatchObject({
      data: { of: 'team' },
    });
  });

  it('that is missing, or sealed, says so to every call', async () => {
    const sealed = await operator.sealedNamespace();
    for (const [name, expected] of [
      ['none', refusal(404, 'namespace not found')],
      [sealed, refusal(503, 'namespace is sealed')],
    ] as const) {
      const there = bench.as(bench.token, name);
      expect(await ask('GET', data(), undefined, there)).toEqual(expected);
      expect(await ask('POST', 'sys/capabilities-self', { paths: [data()] }, there)).toEqual(expected);
      expect(await ask('GET', `sys/internal/ui/mounts/${mount}`, undefined, there)).toEqual(expected);
    }
  });
});

it('AppRole gives a token that ends by itself, and nothing for a wrong secret ID.', async () => {
  const team = await operator.newNamespace();
  const { roleId: role_id, secretId: secret_id } = await team.appRole({ [data()]: ['read'] }, 1);
  const logIn = (body: object) => ask('POST', 'auth/approle/login', body, team);
  expect(await logIn({ role_id })).toEqual(refusal(400, 'missing secret_id'));
  for (const wrong of [
    { role_id, secret_id: 'wrong' },
    { role_id: 'wrong', secret_id },
  ]) {
    expect(await logIn(wrong)).toEqual(refusal(400, 'invalid role or secret ID'));
  }
  const [status, body] = await logIn({ role_id, secret_id });
  const { auth } = body as { auth: { client_token: string; lease_duration: number } };
  expect([status, auth.lease_duration]).toEqual([200, 1]);
  const outcome = () => ask('GET', data(), undefined, bench.as(auth.client_token, team.namespace));
  for (let isOver = false; !isOver;) isOver = (await outcome())[0] === 403;
  expect(await outcome()).toEqual(refusal(403, 'permission denied'));
});
