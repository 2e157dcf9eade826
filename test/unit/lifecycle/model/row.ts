import type { Diagnostic, ObjectValue } from '../../../../src/plugin/index.js';
import { isNothing } from '../../../support/terraform-core/core.js';
import { hasErrors } from '../../../support/terraform-core/provider.js';
import { Instance } from '../../../support/terraform-core/together.js';
import { configOf, rotation, toFile } from '../../provider/behaviour/arguments.js';
import type { Plot } from './happenings.js';
import { History } from './history.js';
import { Judge } from './judge.js';
import { Process } from './process.js';
import { ModelProvider } from './provider.js';
import type { Row, Scenario, Wish } from './scenario.js';
import type { Sabotage } from './session.js';
import type { Ending } from './terraform.js';
import { keysOf, view } from './view.js';

const MINUTE = 60_000;
const HOURS = 7 * 60 * MINUTE;
/** Longer than any overlap. */
const OVERLAP = 25 * 60 * MINUTE;
const MONTH = 31 * 24 * 60 * MINUTE;
const MOST_RUNS = 7;
const RUNS_TO_CONVERGE = 3;
/** Plan says that room depends on what Terraform applies first, or that there is none. */
const ON_ROOM = /has room for .* only after|has no room/;

/** Its calls end with the process of all resources. */
class Shared extends ModelProvider {
  override end(): Promise<void> {
    return Promise.resolve();
  }

  finish(): Promise<void> {
    return super.end();
  }
}

/** One resource of the configuration, with a store of its own. */
class Resource {
  readonly instance = new Instance<Shared>(null, ({ process }, write) =>
    this.history.step(process, 'terraform.save', write),
  );
  isWanted = true;
  keeper = 0;

  constructor(
    private readonly history: History,
    private readonly wish: Wish,
    readonly path: string,
  ) {}

  get state() {
    return this.instance.core.state;
  }

  get keys(): readonly string[] {
    return this.state ? keysOf(view(this.state)) : [];
  }

  get config(): ObjectValue | null {
    if (!this.isWanted) return null;
    const isDue = this.wish.startsWith('due');
    return configOf({
      bucket_name: this.history.bucket,
      exclusive: false,
      verify: true,
      verify_timeout_seconds: 10,
      secret: toFile(this.path),
      rotation: rotation({
        after_days: isDue ? 30 : null,
        overlap_hours: this.wish.endsWith('at once') ? 0 : 24,
        keepers: { version: String(this.keeper) },
      }),
    });
  }

  /** The change that the author makes before the first run. */
  begin(): void {
    if (this.wish === 'goes') this.isWanted = false;
    if (this.wish.startsWith('rotates')) this.keeper = 1;
    const { core } = this.instance;
    if (this.wish === 'replaced') core.state = core.state && { ...core.state, tainted: true };
  }

  get isSettled(): boolean {
    if (!this.isWanted) return this.state === null;
    if (!this.state || this.state.tainted) return false;
    const { id, delivered, keeper, leftovers } = view(this.state);
    const { cloud } = this.history;
    const there = this.history.storeAt(this.path).current;
    const isWorking = there?.id === id && there.secret === cloud.find(id)?.secret && cloud.find(id)?.alive;
    return isWorking === true && delivered && keeper === String(this.keeper) && leftovers.length === 0;
  }

  get rotates(): boolean {
    return /^(rotates|due)/.test(this.wish);
  }
}

/** Several resources of one configuration on one bucket: each phase of a run is one process of the provider. */
export async function playRow(
  scenario: Scenario,
  row: Row,
  plot: Plot,
  sabotage: Sabotage,
): Promise<History> {
  const history: History = new History(scenario, plot, () => Promise.resolve());
  const resources = row.wishes.map((wish, at) => new Resource(history, wish, `/store-${at + 1}`));
  const held = () => resources.flatMap(({ keys }) => keys);
  history.judge = new Judge(history, (stack) => (stack === 'A' ? held() : []));
  const play = new Play(history, resources, row, sabotage);
  await setUp(play, scenario);
  history.begin();
  const { cloud } = history;
  let quietRuns = 0;
  for (;;) {
    const ending = await play.run();
    quietRuns = history.stirredRuns.has(history.run) ? 0 : quietRuns + 1;
    const isQuiet = !cloud.isAnythingInTheAir && quietRuns > 0;
    const isOver = resources.every(({ state }) => !state || view(state).previous === null);
    if ((isQuiet && isOver && ending === 'no changes') || history.run >= MOST_RUNS) break;
    history.pass(history.run === 1 ? MINUTE : OVERLAP);
    history.run += 1;
  }
  judgeRoom(play, quietRuns);
  history.end();
  await judgeDestroy(play);
  history.judge.atTheEnd();
  return history;
}

async function setUp(play: Play, { strangers }: Scenario): Promise<void> {
  const { history, resources, row } = play;
  for (const [at, resource] of resources.entries()) {
    if (row.wishes[at] === 'new') continue;
    if ((await play.run([resource])) !== 'applied') history.wrong('the setup failed');
    history.pass(HOURS);
  }
  if (row.wishes.some((wish) => wish.startsWith('due'))) history.pass(MONTH);
  for (const resource of resources) resource.begin();
  for (let number = 0; number < strangers; number++) history.cloud.make(history.bucket, 'stranger');
  history.run += 1;
}

/**
 * Every key that is wanted has a slot in the end, with one more for a rotation: then all are made. A key that was not read
 * before another resource is planned counts as a stranger's.
 */
function judgeRoom({ history, resources, row }: Play, quietRuns: number): void {
  const { cloud, bucket } = history;
  if (row.planned === 'one by one' && resources.some(({ isWanted }) => !isWanted)) return;
  const wanted = resources.filter(({ isWanted }) => isWanted);
  const others = cloud.alive(bucket).filter(({ id }) => !resources.some(({ keys }) => keys.includes(id)));
  const needed = wanted.length + others.length + (wanted.some(({ rotates }) => rotates) ? 1 : 0);
  if (needed > 2 || quietRuns < RUNS_TO_CONVERGE) return;
  if (!resources.every(({ isSettled }) => isSettled)) history.wrong('several resources do not converge');
}

/** `terraform destroy`. What is left is named, or was never ours. */
async function judgeDestroy(play: Play): Promise<void> {
  const { history, resources } = play;
  const before = new Set(resources.flatMap(({ keys }) => keys));
  history.pass(OVERLAP);
  history.run += 1;
  await play.run(resources, true);
  const left = history.cloud.keys.filter(({ id, alive }) => alive && before.has(id));
  if (left.length > 0 || resources.some(({ state }) => state))
    history.wrong('a destroy left keys of its states');
  history.abandon();
}

/** Terraform with all of them. */
class Play {
  #killed: () => void = () => undefined;

  constructor(
    readonly history: History,
    readonly resources: readonly Resource[],
    readonly row: Row,
    private readonly sabotage: Sabotage,
  ) {}

  /** Killed, it says nothing of what its processes had to say. */
  run(resources = this.resources, destroys = false): Promise<Ending> {
    return new Promise((resolve) => {
      this.#killed = () => {
        resolve('crashed');
      };
      this.#run(resources, destroys).then(resolve, (error: unknown) => {
        this.history.wrong(`the model itself is wrong: ${String(error)}`);
        resolve('failed');
      });
    });
  }

  #start(phase: 'plan' | 'apply'): Shared {
    this.history.enter(phase);
    const process = new Process(this.history, 'A', phase, () => {
      this.#killed();
    });
    return new Shared(process, this.sabotage);
  }

  async #run(resources: readonly Resource[], destroys: boolean): Promise<Ending> {
    const planning = this.#start('plan');
    const rows = resources
      .filter(({ state, isWanted }) => state !== null || (isWanted && !destroys))
      .map(({ instance, config }) => instance.steps(planning, { config, destroys }));
    const steps = this.row.planned === 'reads first' ? readsFirst(rows) : rows.flat();
    for (const step of steps) await step();
    await planning.finish();
    const instances = resources.filter(({ state, isWanted }) => state !== null || (isWanted && !destroys));
    for (const { instance } of instances) this.#note(instance.said, instance.plan.bugs);
    if (instances.some(({ instance }) => hasErrors(instance.said))) return 'failed';
    if (instances.every(({ instance }) => isNothing(instance.plan))) {
      for (const { instance } of instances) instance.core.state = instance.plan.refreshed;
      return 'no changes';
    }
    return this.#apply(instances);
  }

  async #apply(resources: readonly Resource[]): Promise<Ending> {
    const applying = this.#start('apply');
    let hasFailed = false;
    for (const resource of this.row.isAppliedBackwards ? [...resources].reverse() : resources) {
      if (applying.isStopped) break;
      hasFailed = (await this.#applyOne(resource, applying)) || hasFailed;
    }
    await applying.finish();
    return hasFailed ? 'failed' : 'applied';
  }

  async #applyOne({ instance }: Resource, provider: Shared): Promise<boolean> {
    const { history } = this;
    const others = this.resources.filter((other) => other.instance !== instance);
    const theirs = history.cloud
      .alive(history.bucket)
      .filter(({ id }) => others.some(({ keys }) => keys.includes(id)));
    const dependsOnOrder = history.messages.some(
      ({ run, phase, text }) => run === history.run && phase === 'plan' && ON_ROOM.test(text),
    );
    const judged = history.judge.beginApply('A', dependsOnOrder);
    const { said, bugs, failed } = await instance.apply(provider);
    this.#note(said, bugs);
    judged(failed);
    if (!history.befell('ours-goes') && theirs.some(({ alive }) => !alive))
      history.wrong('the apply of one resource deleted the key of another');
    return failed;
  }

  #note(said: readonly Diagnostic[], bugs: readonly string[]): void {
    for (const { summary, detail } of said) this.history.say('A', `${summary}: ${detail}`);
    for (const bug of bugs) this.history.wrong(bug);
  }
}

/** The last step of each is its plan. */
function readsFirst<T>(rows: readonly (readonly T[])[]): T[] {
  return [...rows.flatMap((row) => row.slice(0, -1)), ...rows.flatMap((row) => row.slice(-1))];
}
