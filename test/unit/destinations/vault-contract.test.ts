import type { FaultLane } from '../../support/fault-lane.js';
import { KvSecrets } from '../../support/vault/kv-secrets.js';
import { VaultWorkbench } from '../../support/vault/workbench.js';
import { keepsTheContract } from './contract.js';

const bench = new VaultWorkbench();
let lane: FaultLane;
beforeAll(async () => {
  lane = await bench.lane();
});
afterAll(() => bench.close());

keepsTheContract('A Vault secret', () => {
  const path = bench.newPath();
  bench.standIn.mounts.set('secret', new KvSecrets());
  return Promise.resolve({
    open: () => bench.destination(path, lane),
    consumed: async () => (await bench.consumed(path))?.secretAccessKey ?? null,
    putForeign: () => bench.put(path),
    vanish: async () => {
      bench.standIn.mounts.delete('secret');
      if (bench.isReal) await bench.request('DELETE', `sys/mounts/${bench.mount}`);
    },
    cleanUp: async () => {
      if (bench.isReal) {
        await bench.request('POST', `sys/mounts/${bench.mount}`, { type: 'kv', options: { version: '2' } });
      }
    },
  });
});
