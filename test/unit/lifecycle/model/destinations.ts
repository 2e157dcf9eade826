import type { KeyPair } from '../../../../src/lifecycle/access-key.js';
import type { DestinationChoice } from '../../../../src/destinations/descriptor.js';
import { Nowhere } from '../../../../src/destinations/nowhere.js';
import { DestinationError } from '../../../../src/lifecycle/destination.js';
import type { Destination } from '../../../../src/lifecycle/destination.js';
import { Secret } from '../../../../src/secret/secret.js';
import type { Process } from './process.js';
import { ONLY_STORE } from './store.js';

/** What the provider chose by its `secret` argument, as one process sees it. */
export function destinationOf(process: Process, choice: DestinationChoice): Destination {
  const { destination, given, current } = choice;
  switch (destination.name) {
    case 'terraform_output':
      return outputDestination(process, current.key);
    case 'file':
      return journaledDestination(process, String(given.path), given.age_recipients === undefined);
    case 'none':
      return new Nowhere();
    default:
      throw new Error(`The model has no ${destination.name}.`);
  }
}

/** The state: nothing outlives the process, and no step of it can fail. */
function outputDestination(process: Process, inState: string | null): Destination {
  const staged = new Map<string, Secret>();
  return {
    title: 'the state',
    reference: null,
    journal: null,
    check: () => process.history.step(process, 'destination.check', () => undefined),
    read: () => Promise.resolve({ current: inState ? { accessKeyId: inState } : null }),
    stage: (pair) => Promise.resolve(void staged.set(pair.accessKeyId, pair.secretAccessKey)),
    staged: (id) => Promise.resolve(staged.get(id) ?? null),
    promote: (id) => {
      const secret = staged.get(id);
      return secret
        ? Promise.resolve({ reference: null, secret })
        : Promise.reject(new Error('The pair was not staged.'));
    },
    discard: (id) => Promise.resolve(void staged.delete(id)),
    remove: () => Promise.resolve('removed' as const),
  };
}

/** Like the file: steps that are done wholly or not at all. `readable`: a pending secret can be had again. */
function journaledDestination(process: Process, path: string, readable: boolean): Destination {
  const { history } = process;
  const store = history.storeAt(path);
  const digestOf = (secret: string) => secret.split('').reverse().join('');
  let digest: string | undefined;
  return {
    get digest() {
      return digest;
    },
    digestToBe: (pair) => Promise.resolve(digestOf(pair.secretAccessKey.reveal())),
    delivered: (id) => {
      const { current } = store;
      return Promise.resolve(readable && current?.id === id ? new Secret(current.secret) : null);
    },
    title: path === ONLY_STORE ? 'the store' : `the store ${path}`,
    reference: 'store:1',
    keepsChanged: 'aside',
    journal: {
      read: () => history.step(process, 'journal.read', () => store.readJournal()),
      write: (entry, revision) =>
        history.step(process, 'journal.write', () => store.writeJournal(entry, revision)),
    },
    check: () =>
      history.step(process, 'destination.check', () => {
        if (history.scenario.unwritable) throw new DestinationError('It is locked.', 'Unlock it.');
      }),
    read: () =>
      history.step(process, 'destination.read', () => {
        digest = store.current ? digestOf(store.current.secret) : undefined;
        return { current: store.current && { accessKeyId: store.current.id } };
      }),
    stage: (pair: KeyPair) =>
      history.step(process, 'destination.stage', () => {
        if (history.scenario.unwritable) throw new DestinationError('It is locked.', 'Unlock it.');
        store.everStaged.add(pair.accessKeyId);
        const content = { id: pair.accessKeyId, secret: pair.secretAccessKey.reveal() };
        store.pending.set(pair.accessKeyId, content);
      }),
    staged: (id) =>
      history.step(process, 'destination.staged', () => {
        const found = readable ? store.pending.get(id) : undefined;
        return found ? new Secret(found.secret) : null;
      }),
    promote: (id) =>
      history.step(process, 'destination.promote', () => {
        const pending = store.pending.get(id);
        if (pending) {
          const { entry } = store.readJournal();
          const expected = entry?.phase === 'intent' ? entry.before?.accessKeyId : undefined;
          if (expected && store.current && store.current.id !== expected) store.kept.push(store.current);
          history.did(process, 'delivered', id);
          history.judge.overwrites(process.stack, store.current, id);
          store.current = pending;
          store.promotedAt.set(id, history.cloud.now);
          store.pending.delete(id);
        }
        if (store.current?.id !== id) throw new Error('There is no such pair.');
        digest = digestOf(store.current.secret);
        return { reference: 'store:1', secret: null };
      }),
    discard: (id) =>
      history.step(process, 'destination.discard', () => {
        store.pending.delete(id);
      }),
    remove: (id) =>
      history.step(process, 'destination.remove', () => {
        store.pending.delete(id);
        const ours = store.current?.id === id;
        if (ours) store.current = null;
        const { entry, revision } = store.readJournal();
        if (entry && entry.phase !== 'intent' && entry.accessKeyId === id) store.writeJournal(null, revision);
        return ours ? 'removed' : store.current ? 'not-ours' : 'absent';
      }),
  };
}
