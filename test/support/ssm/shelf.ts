import type { Shelf } from '../../unit/destinations/lifecycle-over-store.js';
import type { SsmWorkbench } from './workbench.js';

export function newShelf(bench: SsmWorkbench): Shelf {
  const name = bench.newName();
  return {
    open: async (step) => {
      const lane = await bench.lane();
      lane.step = step;
      return bench.destination(name, lane);
    },
    consumed: async () => {
      const text = await bench.consumed(name);
      return text === null ? null : (JSON.parse(text) as { secretAccessKey: string }).secretAccessKey;
    },
    left: () => bench.names(name),
  };
}
