import { builtEdition, type Edition, mutatedEdition } from './edition.js';
import { TOLD_FILE_STEPS } from './mutations.js';
import type { Case } from './scenarios.js';
import { Stage } from './stage.js';

/** The stores' stage, and one for files, whose provider tells of each change to the disk. */
export class Stages {
  private constructor(
    private readonly built: Edition,
    private readonly telling: Edition,
    private readonly stores: Stage,
    private readonly files: Stage,
  ) {}

  static async open(): Promise<Stages> {
    const built = builtEdition();
    const telling = mutatedEdition(TOLD_FILE_STEPS);
    const stores = await Stage.open(built, 'stores');
    return new Stages(built, telling, stores, await Stage.open(telling, 'file steps'));
  }

  get version(): string {
    return this.built.manifest.version;
  }

  for({ route }: Case): Stage {
    return route.startsWith('file') ? this.files : this.stores;
  }

  async close(): Promise<void> {
    await Promise.all([this.stores.close(), this.files.close()]);
    this.built.remove();
    this.telling.remove();
  }
}
