import type { ObjectValue } from '../../../src/plugin/index.js';
import { UNKNOWN } from '../../../src/plugin/index.js';
import { causeToRotate } from '../../../src/provider/bucket-access-key/cause.js';

/** Why a key in order rotates whose `secret` is changed from the one to the other. */
function causeOf(before: ObjectValue, after: ObjectValue): string | null {
  const prior = {
    access_key_id: 'AKIAIOSFODNN7EXAMPLE',
    status: 'Active',
    created_at: '2026-01-02T03:04:05Z',
    secret_reference: 'somewhere',
    secret: before,
  };
  return causeToRotate(prior, { ...prior, secret: after }, { seen: null, unrouted: false })?.why ?? null;
}

const file = { path: 'key.json', format: null, age_recipients: null };
const parameter = { name: '/ci/key', kms_key_id: null, tier: null, format: null };
const command = { write: ['put', 'a'], delete: null, format: null };

test.each<[string, ObjectValue, ObjectValue]>([
  ['writes out the default format', { file }, { file: { ...file, format: 'sdk' } }],
  ['leaves the default format out', { file: { ...file, format: 'sdk' } }, { file, command: null }],
  [
    'names the recipients in another order',
    { file: { ...file, age_recipients: ['age1a', 'age1b'] } },
    { file: { ...file, age_recipients: ['age1b', 'age1a'] } },
  ],
  [
    'gives the parameter another KMS key and tier',
    { ssm_parameter: parameter },
    { ssm_parameter: { ...parameter, kms_key_id: 'alias/ci', tier: 'Advanced' } },
  ],
  ['gives a delete program', { command }, { command: { ...command, delete: ['rm', 'a'] } }],
  ['gives one that is not known yet', { command }, { command: { ...command, delete: UNKNOWN } }],
])('A key stays where a change of secret %s', (_, before, after) => {
  expect(causeOf(before, after)).toBeNull();
});

test('A repair is called for whatever an argument turns out to be that is not known yet', () => {
  const prior = { access_key_id: 'AKIAIOSFODNN7EXAMPLE', status: 'Active', secret: { file } };
  const cause = causeToRotate(prior, { ...prior, rotation: UNKNOWN }, { seen: null, unrouted: false });
  expect(cause).toMatchObject({ kind: 'repair', lacksPair: true });
});

test('Whether a key is replaced is open where the format of its secret is not known yet', () => {
  expect(causeOf({ file }, { file: { ...file, format: UNKNOWN } })).toMatch(
    /part of its secret is known only at apply/,
  );
});

test.each<[string, ObjectValue, ObjectValue]>([
  ['path', { file }, { file: { ...file, path: 'other.json' } }],
  ['format', { file }, { file: { ...file, format: 'env' } }],
  ['set of recipients', { file }, { file: { ...file, age_recipients: ['age1a'] } }],
  [
    'recipient',
    { file: { ...file, age_recipients: ['age1a', 'age1b'] } },
    { file: { ...file, age_recipients: ['age1a', 'age1c'] } },
  ],
  ['parameter', { ssm_parameter: parameter }, { ssm_parameter: { ...parameter, name: '/ci/other' } }],
  ['write program', { command }, { command: { ...command, write: ['put', 'b'] } }],
  ['order of its arguments', { command }, { command: { ...command, write: [...command.write].reverse() } }],
  ['store', { file }, { command }],
])('A key is replaced where its secret is to have another %s', (_, before, after) => {
  expect(causeOf(before, after)).toMatch(/another place, or there in another form/);
});
