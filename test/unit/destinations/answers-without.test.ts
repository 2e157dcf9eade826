import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SecretsManagerDestination } from '../../../src/destinations/secrets-manager/store.js';
import { SsmParameterDestination } from '../../../src/destinations/ssm-parameter/store.js';
import type { Destination } from '../../../src/lifecycle/destination.js';
import { accessTo } from './access-to.js';

/** Every call is answered with success and without what was asked for. */
let body = '{}';
let server: Server;
beforeAll(async () => {
  server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const access = accessTo(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

const stores: [string, string, () => Destination][] = [
  [
    'Secrets Manager',
    'an ARN',
    () => new SecretsManagerDestination(access, { secretId: 'uploads', format: 'sdk' }),
  ],
  [
    'Parameter Store',
    'Parameters',
    () => new SsmParameterDestination(access, { name: '/uploads', format: 'sdk' }),
  ],
];

describe.each(stores)('An answer of %s without %s says nothing of what is there', (_, missing, open) => {
  it.each(['', '{}', 'null'])('and is an error: %j', async (given) => {
    body = given;
    const told: unknown = expect.stringContaining(`that could be used: It came without ${missing}.`);
    const destination = open();
    await expect(destination.read()).rejects.toHaveProperty('message', told);
    await expect(destination.remove('AKIAIOSFODNN7EXAMPLE')).rejects.toHaveProperty('message', told);
    await expect(destination.journal?.read()).rejects.toHaveProperty('message', told);
  });
});
