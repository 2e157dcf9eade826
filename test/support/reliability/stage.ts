import { Emulator } from '../../../src/emulator/index.js';
import { type Moto, startMoto } from '../moto.js';
import { OPERATOR } from '../secrets-manager/strict-proxy.js';
import { type CrashPoint, type CrashResult, playCrashPoint } from './crash-point.js';
import type { Edition } from './edition.js';
import { FileDepot, openFileSteps } from './file-depot.js';
import { choiceFor, type FollowUp } from './follow-up.js';
import { type IntruderResult, playIntruder } from './intruder.js';
import type { Case, Route } from './scenarios.js';
import { openCommandDepot, openStoreDepots } from './store-depots.js';
import { dryRun, type Scene } from './struck-run.js';
import { Template } from './template.js';
import { Workshop } from './workshop.js';

/** As many points at once as the machine of a usual pipeline has cores. */
const AT_ONCE = 2;

/** One emulator and some working folders, on which crash points are played. */
export class Stage {
  private constructor(
    private readonly emulator: Emulator,
    private readonly scenes: readonly Scene[],
    private readonly moto: Moto | null,
    private readonly others: readonly { close(): Promise<void> }[],
  ) {}

  /** With the stores beside the files, or with what a provider tells of its files. */
  static async open(edition: Edition, having: 'files' | 'stores' | 'file steps' = 'files'): Promise<Stage> {
    // The stand-ins of the stores know this caller as the operator, who may not read what consumers read.
    const credentials = [{ accessKeyId: OPERATOR, secretAccessKey: 'operator' }];
    const emulator = await Emulator.start({ credentials });
    const moto = having === 'stores' ? await startMoto() : null;
    let buckets = 0;
    const newBucket = () => `crash-${String(++buckets).padStart(5, '0')}`;
    const others: { close(): Promise<void> }[] = [];
    const scenes = Array.from({ length: AT_ONCE }, async (): Promise<Scene> => {
      const stores = moto && (await openStoreDepots(moto.url, emulator.region));
      const steps = having === 'file steps' ? await openFileSteps() : null;
      const command = having === 'files' ? await openCommandDepot() : null;
      others.push(...[stores, steps, command].filter((each) => each !== null));
      const env = { ...emulator.env, ...stores?.env, ...(steps && { FILE_STEPS: steps.url }) };
      const workshop = await Workshop.open(edition, env);
      const files = new FileDepot(workshop, steps);
      const depot = (route: Route) =>
        stores?.depots.get(route) ?? (route === 'command' && command ? command.depot : files);
      const templates = new Map<string, Promise<Template>>();
      const template = (of: Case) => {
        const name = JSON.stringify([of.scenario, of.route, of.exclusive]);
        const place = { workshop, emulator, depot: depot(of.route) };
        const made = templates.get(name) ?? Template.make(place, of, newBucket());
        templates.set(name, made);
        return made;
      };
      return { workshop, emulator, depot, template, newBucket };
    });
    return new Stage(emulator, await Promise.all(scenes), moto, others);
  }

  /** The calls of one case's run when nothing strikes it. */
  dryRun(of: Case): Promise<string[]> {
    return this.dry(of, dryRun);
  }

  /** Runs one case in one of the folders. */
  dry<Calls>(of: Case, run: (scene: Scene, of: Case) => Promise<Calls>): Promise<Calls> {
    const [scene] = this.scenes;
    if (!scene) throw new Error('The stage has no scene.');
    return run(scene, of);
  }

  /** Each point with its follow-ups, or with one of them. */
  async play(points: readonly CrashPoint[], only?: FollowUp): Promise<CrashResult[]> {
    const results = await this.each(points, (scene, point) =>
      playCrashPoint(scene, point, only ? () => [only] : choiceFor(point, points.indexOf(point))),
    );
    return results.flat();
  }

  /** The same, with somebody else who writes to the place after the stroke. */
  intrude(points: readonly CrashPoint[]): Promise<IntruderResult[]> {
    return this.each(points, playIntruder);
  }

  /** Plays every point, some at once; the results are in the points' order. */
  async each<Point, Result>(
    points: readonly Point[],
    playOne: (scene: Scene, point: Point) => Promise<Result>,
  ): Promise<Result[]> {
    const results = new Map<Point, Result>();
    const waiting = [...points];
    const plays = this.scenes.map(async (scene) => {
      for (let point = waiting.shift(); point; point = waiting.shift()) {
        results.set(point, await playOne(scene, point));
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
    await Promise.all(this.others.map((each) => each.close()));
    await this.moto?.stop();
    await this.emulator.close();
  }
}
