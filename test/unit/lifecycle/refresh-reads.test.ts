import { issueKey } from '../../../src/lifecycle/issue-key.js';
import type { Intent } from '../../../src/lifecycle/journal/entry.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { desk, ORDER } from './desk.js';

const ONCE = { 'keys.list': 1, 'journal.read': 1, 'destination.read': 1 };

/** A key that was delivered, and how often each port was used by one refresh of it. */
async function portsOfRefresh(recast?: (mark: Intent) => Intent): Promise<Record<string, number>> {
  const { world, deadWorld, history } = desk();
  const { key } = await issueKey(ORDER, deadWorld());
  const refreshing = world();
  const { journal } = refreshing.destination;
  const { entry, revision } = (await journal?.read()) ?? { entry: null, revision: '' };
  if (recast && entry && entry.phase !== 'intent') {
    const { bucket, holder, at } = entry;
    const intent: Intent = {
      phase: 'intent',
      nonce: 'n',
      bucket,
      baseline: [],
      holder,
      begunAt: at,
      expiresAt: at,
    };
    await journal?.write(recast({ ...intent, made: key.id }), revision);
  }
  const before = history.steps.length;
  expect(await refreshKey(refreshing, key.id)).toMatchObject({ state: 'alive', delivered: true });
  const counts: Record<string, number> = {};
  for (const { port } of history.steps.slice(before)) counts[port] = (counts[port] ?? 0) + 1;
  return counts;
}

test('a refresh asks for the list, the journal and the pair once each, and confirms the mark', async () => {
  expect(await portsOfRefresh()).toEqual({ ...ONCE, 'journal.write': 1 });
});

test('so does one that finds the intent of a run that died before it could write its mark', async () => {
  expect(await portsOfRefresh((intent) => intent)).toEqual({ ...ONCE, 'journal.write': 1 });
});

test('and one that finds a pair which had to be withdrawn', async () => {
  const counts = await portsOfRefresh((intent) => ({ ...intent, withdrawn: true, released: true }));
  expect(counts).toMatchObject(ONCE);
});
