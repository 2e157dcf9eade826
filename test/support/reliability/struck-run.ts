import type { CallPoint, Emulator } from '../../../src/emulator/index.js';
import type { Outcome } from '../terraform.js';
import type { CrashPoint } from './crash-point.js';
import type { Call, Depot } from './depot.js';
import { childrenOf, ended } from './processes.js';
import { type Case, configuration, killedCommand, type Route, startsWithKey } from './scenarios.js';
import { strike } from './strike.js';
import type { Template } from './template.js';
import type { Workshop } from './workshop.js';

/** Where points are played. */
export interface Scene {
  readonly workshop: Workshop;
  readonly emulator: Emulator;
  readonly depot: (route: Route) => Depot;
  /** Makes the stack's earlier life, where it has one. */
  readonly template: (of: Case) => Promise<Template>;
  readonly newBucket: () => string;
}

/** All calls of one whole run, in order. */
export async function dryRun(scene: Scene, of: Case): Promise<string[]> {
  const { workshop } = scene;
  const bucket = await setUp(scene, of);
  const operations: string[] = [];
  const stop = watchCalls(scene, of, bucket, (moment, { operation }) => {
    if (moment === 'received') operations.push(operation);
  });
  const outcome = await workshop.terraform.run(...killedCommand(of));
  stop();
  if (outcome.code !== 0)
    throw new Error(`${of.scenario} fails by itself: ${outcome.stdout}${outcome.stderr}`);
  return operations;
}

/** The calls of the stack in hand: to Lightsail and S3, and to where its pair goes. */
function watchCalls(
  { emulator, depot }: Scene,
  { route }: Case,
  bucket: string,
  watch: (moment: CallPoint, call: Call) => Promise<void> | void,
): () => void {
  const stops = [
    emulator.onCall((moment, call) => (call.bucket === bucket ? watch(moment, call) : undefined)),
    depot(route).onCall(watch),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** A stack of its own for one history; the name of its bucket. */
export async function setUp(scene: Scene, of: Case): Promise<string> {
  const { workshop, emulator, newBucket } = scene;
  const depot = scene.depot(of.route);
  const bucket = newBucket();
  await workshop.clear();
  if (startsWithKey(of)) {
    const made = await scene.template(of);
    await workshop.clear();
    await made.instantiate(bucket, await depot.renew(), emulator);
  } else {
    emulator.createBucket(bucket);
    await depot.renew();
  }
  await workshop.configure(configuration(of, bucket, depot.secretOf(of, 'after'), 'after'));
  return bucket;
}

export interface Struck {
  readonly said: string;
  /** Processes that had not ended in good time. */
  readonly left: readonly number[];
  /** Lets a late call take its effect. */
  readonly release: () => Promise<void>;
}

export async function runStruck(
  scene: Scene,
  point: CrashPoint,
  bucket: string,
  onStruck: () => void,
): Promise<Struck> {
  const { workshop, emulator } = scene;
  const started = workshop.terraform.start(...killedCommand(point));
  const providers = new Set<number>();
  const seen: Call[] = [];
  const gate = openLater();
  let done: Call | undefined;
  let failure: unknown;
  const stop = watchCalls(scene, point, bucket, async (moment, call) => {
    if (done) return;
    if (moment === 'received') seen.push(call);
    if (seen.indexOf(call) !== point.nth - 1) return;
    // Found before the answer is out, so that nothing is lost on looking for them after it.
    if (moment === 'received') {
      for (const pid of childrenOf(started.process.pid ?? 0)) providers.add(pid);
    }
    if (moment !== (point.moment === 'late' ? 'received' : point.moment)) return;
    done = call;
    try {
      await strike(point.strike, { terraform: started.process, providers: [...providers] });
      onStruck();
    } catch (error) {
      failure = error;
    }
    if (point.moment === 'late') await gate.opened;
  });
  const outcome = await started.outcome;
  const left = await ended(providers, 60_000);
  stop();
  if (failure !== undefined) throw new Error('The stroke failed.', { cause: failure });
  const call = met(done, point, outcome);
  const finished = (each: Call) => emulator.waitFor((one) => one === each && one.finished, 120_000);
  const release = async () => {
    gate.open();
    await finished(call);
  };
  // What was on its way when its caller died is served all the same.
  if (point.moment !== 'late')
    await Promise.all(emulator.log.filter((each) => seen.includes(each)).map(finished));
  return { said: outcome.stdout + outcome.stderr, left, release };
}

/** The call that was struck; an error when it is not the one of the dry run. */
function met(call: Call | undefined, point: CrashPoint, { stdout, stderr }: Outcome): Call {
  if (call?.operation === point.operation) return call;
  const found = call?.operation ?? 'none';
  throw new Error(`Call ${point.nth} is ${found}, not ${point.operation}: ${stdout}${stderr}`);
}

function openLater(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {
    opened,
    open: () => {
      open();
    },
  };
}
