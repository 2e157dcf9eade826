import type { Scene } from './struck-run.js';
import type { Case } from './scenarios.js';
import { changedState } from './state-file.js';

/** Makes a situation come true again, once for each way to go on from it. */
export type Snapshot = () => Promise<void>;

/** The working folder, the bucket's keys and the destination as they are now. */
export async function takeSnapshot(scene: Scene, of: Case, bucket: string): Promise<Snapshot> {
  const { workshop, emulator } = scene;
  const [restoreFolder, restorePlace] = [await workshop.keep(), await scene.depot(of.route).keep()];
  const restoreKeys = emulator.keepKeys(bucket);
  return async () => {
    restoreKeys();
    await restoreFolder();
    const rename = await restorePlace();
    const state = await workshop.state().catch(() => null);
    if (state !== null) await workshop.setState(changedState(state, rename));
  };
}
