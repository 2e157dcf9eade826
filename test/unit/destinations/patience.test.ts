import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Patience } from '../../../src/destinations/patience.js';
import { SecretsManagerDestination } from '../../../src/destinations/secrets-manager/store.js';
import { SsmParameterDestination } from '../../../src/destinations/ssm-parameter/store.js';
import { VaultKvDestination } from '../../../src/destinations/vault-kv/store.js';
import type { Destination } from '../../../src/lifecycle/destination.js';
import { accessTo } from './access-to.js';
import { newPair } from './contract.js';

/** It takes every call and never answers. */
let silent: Server;
const sockets = new Set<Socket>();
beforeAll(async () => {
  silent = createServer((socket) => sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  silent.close();
});

function open(store: string, patience: Patience): Destination {
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const access = accessTo(() => endpoint);
  if (store === 'Secrets Manager') {
    return new SecretsManagerDestination(access, { secretId: 'uploads', format: 'sdk' }, { patience });
  }
  return store === 'Parameter Store'
    ? new SsmParameterDestination(access, { name: '/uploads', format: 'sdk' }, { patience })
    : new VaultKvDestination(
        { address: endpoint, mount: 'secret', path: 'uploads', format: 'sdk' },
        { VAULT_TOKEN: 'token', HOME: '/nonexistent' },
        patience,
      );
}

const saidBy = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => String(error),
  );

describe.each(['Secrets Manager', 'Parameter Store', 'Vault'])(
  'A %s that takes calls and never answers',
  (store) => {
    test('is waited for once, and further calls of the same work end soon', async () => {
      const destination = open(store, new Patience({ total: 300, least: 40 }));
      const first = await saidBy(destination.read());
      expect(first).toContain('gave no answer');
      expect(first).toContain('had no answer within 0.3 s.');
      // As after the creation of a key: everything that a failure is cleared up with.
      const { journal } = destination;
      for (const work of [
        () => destination.stage(newPair()),
        () => destination.discard('AKIAABCDEFGHIJKLMNOP'),
        () => journal?.write(null, '0') ?? Promise.reject(new Error('There is no journal.')),
      ]) {
        expect(await saidBy(work())).toContain('had no answer within 0.04 s.');
      }
    });
  },
);

test('Time that a store took to answer well is no loss of patience.', async () => {
  const patience = new Patience({ total: 100, least: 10 });
  for (let call = 0; call < 3; call++) {
    await patience.spend('call', () => new Promise((resolve) => setTimeout(resolve, 60)));
  }
  await expect(patience.spend('call', () => new Promise(() => undefined))).rejects.toThrow('within 0.1 s');
});
