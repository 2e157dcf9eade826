import { DestinationError } from '../../../src/lifecycle/destination.js';
import type { Cloud, Outside } from '../../../src/provider/cloud.js';
import { planKey } from '../../../src/provider/bucket-access-key/plan.js';
import { updateKey } from '../../../src/provider/bucket-access-key/apply.js';
import { changedTreatment } from '../../../src/provider/bucket-access-key/secret-argument.js';
import { NO_MEMORY, writeMemory } from '../../../src/provider/bucket-access-key/memory.js';
import { Session } from '../../../src/provider/session.js';
import { UNKNOWN } from '../../../src/plugin/index.js';
import type { CallContext, ObjectValue, Value } from '../../../src/plugin/index.js';
import { Redactor } from '../../../src/secret/redactor.js';

const parameter = (other: ObjectValue = {}): ObjectValue => ({
  ssm_parameter: { name: '/ci/key', kms_key_id: null, tier: null, format: null, ...other },
});

it.each<[Value, Value, string[]]>([
  [parameter(), parameter(), []],
  [parameter(), parameter({ kms_key_id: 'alias/ci' }), ['kms_key_id']],
  [parameter({ kms_key_id: 'alias/ci' }), parameter(), ['kms_key_id']],
  [parameter({ tier: 'Standard' }), parameter({ tier: 'Advanced' }), ['tier']],
  [parameter(), parameter({ kms_key_id: 'alias/ci', tier: 'Advanced' }), ['kms_key_id', 'tier']],
  [parameter(), parameter({ kms_key_id: UNKNOWN }), []],
  [{ file: { path: 'a' } }, parameter({ kms_key_id: 'alias/ci' }), []],
  [null, parameter({ kms_key_id: 'alias/ci' }), []],
])('what of %j is asked for otherwise in %j: %j', (before, after, changed) => {
  expect(changedTreatment({ secret: before }, { secret: after })).toEqual(changed);
});

const STATE: ObjectValue = {
  bucket_name: 'uploads',
  secret: parameter(),
  exclusive: false,
  verify: true,
  verify_timeout_seconds: 60,
  rotation: null,
  hooks: null,
  access_key_id: 'AKIAONE',
  status: 'Active',
  created_at: '2026-03-01T00:00:00Z',
  previous_access_key_id: null,
  retire_previous_after: null,
  rotation_due_at: null,
  secret_reference: '/ci/key',
  secret_access_key: null,
  sealed_secret_access_key: null,
};
const WANTED: ObjectValue = { ...STATE, secret: parameter({ kms_key_id: 'alias/gone' }) };

/** How often the parameter was looked at whether it can be written. */
let checks = 0;

function sessionOver(check: () => Promise<void>): Session {
  const keys = {
    bucket: 'uploads',
    region: 'eu-west-1',
    list: () => Promise.resolve({ keys: [], asOf: new Date() }),
  };
  const destination = {
    title: 'SSM parameter /ci/key',
    journal: null,
    check: () => {
      checks += 1;
      return check();
    },
  };
  const outside = { keys, keysOf: () => keys, destination } as unknown as Outside;
  const cloud = {
    region: () => Promise.resolve('eu-west-1'),
    account: () => Promise.resolve(null),
    left: () => [],
    outside: () => Promise.resolve(outside),
  } as unknown as Cloud;
  return new Session(cloud, new Redactor(), false);
}

function contextOf(said: string[]): CallContext {
  const say = (summary: string, detail: string) => said.push(`${summary}: ${detail}`);
  const quiet = () => undefined;
  return {
    diagnostics: { warning: say, error: say },
    signal: new AbortController().signal,
    log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
    client: { deferralAllowed: false, writeOnlyAttributesAllowed: false },
  } as unknown as CallContext;
}

const gone = () => Promise.reject(new DestinationError('KMS key alias/gone does not exist.', 'Correct it.'));
const fine = () => Promise.resolve();

async function plan(wanted: ObjectValue, check: () => Promise<void>): Promise<string[]> {
  const said: string[] = [];
  const privateData = new Uint8Array();
  await planKey(
    { config: wanted, prior: STATE, proposed: wanted, privateData },
    sessionOver(check),
    contextOf(said),
  );
  return said;
}

async function update(check: () => Promise<void>) {
  const said: string[] = [];
  const privateData = writeMemory({ ...NO_MEMORY, decision: { current: 'keep', retires: false } });
  const request = { config: WANTED, prior: STATE, planned: WANTED, privateData };
  const { state } = await updateKey(request, sessionOver(check), contextOf(said));
  return { said, state };
}

beforeEach(() => {
  checks = 0;
});

it('a plan that changes the KMS key of a pair says when that takes effect', async () => {
  expect((await plan(WANTED, fine)).join('\n')).toContain(
    'kms_key_id of the pair of key AKIAONE of bucket uploads change at the next rotation',
  );
});

it('a plan to a KMS key that does not exist is refused', async () => {
  expect((await plan(WANTED, gone)).join('\n')).toContain('KMS key alias/gone does not exist.');
});

it('a plan that changes nothing neither warns nor looks', async () => {
  expect(await plan(STATE, gone)).toEqual([]);
  expect(checks).toBe(0);
});

it('an update looks as well, and keeps the state as it was where the key cannot be used', async () => {
  const failed = await update(gone);
  expect(failed.said.join('\n')).toContain('KMS key alias/gone does not exist.');
  expect(failed.state).toEqual(STATE);
  const done = await update(fine);
  expect(done.said).toEqual([]);
  expect(done.state).toMatchObject({ secret: WANTED.secret, access_key_id: 'AKIAONE' });
});
