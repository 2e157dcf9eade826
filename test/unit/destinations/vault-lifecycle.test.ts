import { VaultWorkbench } from '../../support/vault/workbench.js';
import { carriesTheLifecycle } from './lifecycle-over-store.js';

const bench = new VaultWorkbench();
afterAll(() => bench.close());

carriesTheLifecycle('a Vault secret', () => {
  const path = bench.newPath();
  const folder = path.replace(/[^/]+$/, '');
  return {
    open: async (step) => {
      const lane = await bench.lane();
      lane.step = step;
      return bench.destination(path, lane);
    },
    consumed: async () => (await bench.consumed(path))?.secretAccessKey ?? null,
    left: () => bench.names(folder),
  };
});
