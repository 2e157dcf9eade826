import { causeToReplace } from '../../../src/lifecycle/cause.js';
import type { Reason } from '../../../src/lifecycle/cause.js';
import type { ObjectValue } from '../../../src/plugin/index.js';
import { UNKNOWN } from '../../../src/plugin/index.js';
import { configurationIn, recordedIn } from '../../../src/provider/bucket-access-key/state.js';

const NOTHING_REMEMBERED = new Uint8Array();
const STATE = {
  bucket_name: 'uploads',
  access_key_id: 'AKIAIOSFODNN7EXAMPLE',
  status: 'Active',
  created_at: '2026-01-02T03:04:05Z',
  secret_reference: 'somewhere',
};

/** Why a key in order is replaced whose arguments are changed from the ones to the others. */
function reasonOf(before: ObjectValue, after: ObjectValue): Reason['why'] | null {
  const recorded = recordedIn({ ...STATE, ...before }, NOTHING_REMEMBERED);
  return causeToReplace(recorded, configurationIn({ ...STATE, ...after }))?.reason.why ?? null;
}

const file = { path: 'key.json', format: null, age_recipients: null };
const parameter = { name: '/ci/key', kms_key_id: null, tier: null, format: null };
const command = { write: ['put', 'a'], delete: null, format: null };

test.each<[string, ObjectValue, ObjectValue]>([
  ['writes out the default format', { file }, { file: { ...file, format: 'sdk' } }],
  ['leaves the default format out', { file: { ...file, format: 'sdk' } }, { file, command: null }],
  ['leaves members out that are null', { file }, { file: { path: 'key.json' } }],
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
  expect(reasonOf({ secret: before }, { secret: after })).toBeNull();
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
  expect(reasonOf({ secret: before }, { secret: after })).toBe('other destination');
});

test('A key is replaced where its secret certainly goes elsewhere, whatever else of it is not known yet', () => {
  const after: ObjectValue = { ssm_parameter: { ...parameter, name: '/ci/other', kms_key_id: UNKNOWN } };
  expect(reasonOf({ secret: { ssm_parameter: parameter } }, { secret: after })).toBe('other destination');
});

test.each<[string, ObjectValue, ObjectValue]>([
  ['the format of its secret', { secret: { file } }, { secret: { file: { ...file, format: UNKNOWN } } }],
  ['its secret', { secret: { file } }, { secret: UNKNOWN }],
  ['its rotation', { secret: { file } }, { secret: { file }, rotation: UNKNOWN }],
  ['a keeper', { secret: { file } }, { secret: { file }, rotation: { keepers: { a: UNKNOWN } } }],
])('Whether a key is replaced is open where %s is not known yet', (_, before, after) => {
  expect(reasonOf(before, after)).toBe('decided at apply');
});

test('A repair is called for whatever an argument turns out to be that is not known yet', () => {
  const recorded = recordedIn({ ...STATE, secret_reference: null, secret: { file } }, NOTHING_REMEMBERED);
  const wanted = configurationIn({ ...STATE, secret: { file }, rotation: UNKNOWN });
  expect(causeToReplace(recorded, wanted)).toMatchObject({ kind: 'repair', lacksPair: true });
});

test.each<[string, ObjectValue, ObjectValue, Reason['why'] | null]>([
  ['none and an empty map', {}, { keepers: {} }, null],
  ['none and a null', { keepers: null }, { keepers: { a: null } }, null],
  ['the same in another order', { keepers: { a: '1', b: '2' } }, { keepers: { b: '2', a: '1' } }, null],
  ['one and another', { keepers: { a: '1' } }, { keepers: { a: '2' } }, 'other keepers'],
])('Keepers are compared by what they say: %s', (_, before, after, why) => {
  expect(reasonOf({ secret: { file }, rotation: before }, { secret: { file }, rotation: after })).toBe(why);
});
