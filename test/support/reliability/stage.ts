import { Emulator } from '../../../src/emulator/index.js';
import { type CrashPoint, type CrashResult, dryRun, playCrashPoint, type Scene } from './crash-point.js';
import type { Edition } from './edition.js';
import type { Case } from './scenarios.js';
import { Template } from './template.js';
import { Workshop } from './workshop.js';

/** As many points at once as the machine of a usual pipeline has cores. */
const AT_ONCE = 2;

/** One emulator and some working folders, on which crash points are played. */
export class Stage {
  private constructor(
    private readonly emulator: Emulator,
    private readonly scenes: readonly Scene[],
  ) {}

  static async open(edition: Edition): Promise<Stage> {
    const emulator = await Emulator.start();
    let buckets = 0;
    const newBucket = () => `crash-${String(++buckets).padStart(5, '0')}`;
    const scenes = Array.from({ length: AT_ONCE }, async () => {
      const workshop = await Workshop.open(edition, emulator.env);
      const templates = new Map<string, Promise<Template>>();
      const template = (of: Case) => {
        const name = JSON.stringify([of.scenario, of.route, of.exclusive]);
        const made = templates.get(name) ?? Template.make(workshop, emulator, of, newBucket());
        templates.set(name, made);
        return made;
      };
      return { workshop, emulator, template, newBucket };
    });
    return new Stage(emulator, await Promise.all(scenes));
  }

  /** The calls of one case's run when nothing strikes it. */
  dryRun(of: Case): Promise<string[]> {
    const [scene] = this.scenes;
    if (!scene) throw new Error('The stage has no scene.');
    return dryRun(scene, of);
  }

  /** Plays every point, some at once; the results are in the points' order. */
  async play(points: readonly CrashPoint[]): Promise<CrashResult[]> {
    const results = new Map<CrashPoint, CrashResult>();
    const waiting = [...points];
    const plays = this.scenes.map(async (scene) => {
      for (let point = waiting.shift(); point; point = waiting.shift()) {
        results.set(point, await playCrashPoint(scene, point));
      }
    });
    // After a failure, too, nothing may go on in a working folder that is used again.
    for (const play of await Promise.allSettled(plays)) {
      if (play.status === 'rejected') throw play.reason;
    }
    return points.flatMap((point) => results.get(point) ?? []);
  }

  async close(): Promise<void> {
    await Promise.all(this.scenes.map(({ workshop }) => workshop.close()));
    await this.emulator.close();
  }
}
