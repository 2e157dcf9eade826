import type { FaultLane } from '../../support/fault-lane.js';
import { SsmWorkbench } from '../../support/ssm/workbench.js';
import { keepsTheContract } from './contract.js';

let bench: SsmWorkbench;
let lane: FaultLane;
beforeAll(async () => {
  bench = await SsmWorkbench.open();
  lane = await bench.lane();
});
afterAll(() => bench.close());

keepsTheContract(
  'An SSM parameter',
  () => {
    const name = bench.newName();
    const cleanUp = () => Promise.resolve();
    return Promise.resolve({
      open: () => bench.destination(name, lane),
      consumed: async () => /(secret\/of[^"\s]+)/.exec((await bench.consumed(name)) ?? '')?.[1] ?? null,
      putForeign: () => bench.put({ Name: name }),
      vanish: cleanUp,
      cleanUp,
    });
  },
  { canVanish: false },
);
