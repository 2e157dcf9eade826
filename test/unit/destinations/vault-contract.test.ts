import type { FaultLane } from '../../support/fault-lane.js';
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
  return Promise.resolve({
    open: () => bench.destination(path, lane),
    consumed: async () => (await bench.consumed(path))?.secretAccessKey ?? null,
    putForeign: () => bench.put(path),
    vanish: () => bench.deleteMount(),
    cleanUp: () => bench.makeMount(),
  });
});
