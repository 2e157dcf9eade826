import type { AccessKey } from '../../../src/lifecycle/access-key.js';
import { unmanagedKeys, KnownKeys } from '../../../src/lifecycle/known-keys.js';
import { render } from '../../../src/lifecycle/message.js';
import { unmanagedFound } from '../../../src/lifecycle/messages/refresh.js';

const ASOF = new Date('2026-03-01T00:00:00Z');
const BUCKET = { bucket: 'uploads', region: 'eu-central-1' };

function key(id: string, more: Partial<AccessKey> = {}): AccessKey {
  return { id, status: 'Active', createdAt: new Date('2026-02-27T00:00:00Z'), lastUse: null, ...more };
}

function unmanaged(declared: readonly string[], known = new KnownKeys()): string[] {
  const listing = { keys: [key('AKIAONE'), key('AKIATWO')], asOf: ASOF };
  return unmanagedKeys(listing, declared, known).map(({ id }) => id);
}

test('every key that is not declared is unmanaged', () => {
  expect(unmanaged([])).toEqual(['AKIAONE', 'AKIATWO']);
  expect(unmanaged(['AKIAONE'])).toEqual(['AKIATWO']);
  expect(unmanaged(['AKIATWO', 'AKIAONE', 'AKIAGONE'])).toEqual([]);
});

test.each<[string, (known: KnownKeys) => void]>([
  [
    'a state of this run held',
    (known) => {
      known.sawInState('AKIATWO');
    },
  ],
  [
    'this run has made',
    (known) => {
      known.made('AKIATWO');
    },
  ],
  [
    'a plan has spoken for',
    (known) => {
      known.announced('AKIATWO');
    },
  ],
])('a key that %s is managed', (_, learn) => {
  const known = new KnownKeys();
  learn(known);
  expect(unmanaged(['AKIAONE'], known)).toEqual([]);
});

test('a key that a plan has spoken for is in no state, and may still be found as a leftover', () => {
  const known = new KnownKeys();
  known.announced('AKIATWO');
  expect(known.has('AKIATWO')).toBe(false);
});

test('an unmanaged key is named with its age and last use, and with what to do', () => {
  const lastUse = { date: new Date('2026-02-28T10:00:00Z'), region: 'eu-west-1', serviceName: 's3' };
  expect(render(unmanagedFound(BUCKET, [key('AKIAONE', { lastUse })], ASOF))).toEqual({
    summary: 'Bucket uploads holds a key that no resource declares: AKIAONE',
    detail:
      'AKIAONE (Active, made 2026-02-27T00:00:00Z, 2 days ago, last used 2026-02-28T10:00:00Z by s3 in eu-west-1). ' +
      "A key gives full access to the bucket's objects. Nothing proves whose it is, so it is left alone. " +
      'If another stack manages it, give its ID to the audit. If it belongs here, import it as "uploads,AKIAONE". ' +
      'If no consumer uses it, delete it:\n' +
      '  aws lightsail delete-bucket-access-key --region eu-central-1 ' +
      '--bucket-name uploads --access-key-id AKIAONE',
  });
});

test('two unmanaged keys are named together', () => {
  const { summary, detail } = render(
    unmanagedFound(BUCKET, [key('AKIAONE', { status: 'Inactive' }), key('AKIATWO')], ASOF),
  );
  expect(summary).toBe('Bucket uploads holds keys that no resource declares: AKIAONE and AKIATWO');
  expect(detail).toContain('AKIAONE (Inactive');
  expect(detail).toContain('AKIATWO (Active, made 2026-02-27T00:00:00Z, 2 days ago, never used)');
  expect(detail).toContain('import it as "uploads,AKIAONE" or "uploads,AKIATWO"');
});
