import type { CallPoint, Emulator, EmulatorKey } from '../../../src/emulator/index.js';
import { unwrap } from '../stack.js';
import type { Outcome } from '../terraform.js';
import type { Call, Depot } from './depot.js';
import { examine, type Findings, isLiving, isServed } from './findings.js';
import { alive, childrenOf, ended } from './processes.js';
import {
  type Case,
  configuration,
  followingCommand,
  killedCommand,
  type Route,
  startsWithKey,
} from './scenarios.js';
import { strike, type Strike } from './strike.js';
import type { Template } from './template.js';
import type { Workshop } from './workshop.js';

/** `late`: struck when the call is received, and its effect comes after the next run. */
export type Moment = CallPoint | 'late';

/** Somebody else's key: on the bucket from the start, or made right after the stroke where there is room. */
export type StrangerKey = 'none' | 'before' | 'after';

/** One history: a run that is struck once, and then runs until nothing changes. */
export interface CrashPoint extends Case {
  /** The call of the struck run, counted from 1, and its name in the dry run. */
  readonly nth: number;
  readonly operation: string;
  readonly moment: Moment;
  readonly strike: Strike;
  readonly stranger: StrangerKey;
}

export interface CrashResult extends Findings {
  readonly point: CrashPoint;
  /** `refused`: both slots are taken and the message names who has them; `unsettled`: still changing or failing. */
  readonly ended: 'converged' | 'refused' | 'unsettled';
  /** Runs after the struck one that changed something or failed. */
  readonly runs: number;
  /** Whether the refusal names every key on the bucket. */
  readonly refusalNamesAll: boolean;
  /** After a refusal: whether the runs converge once its reader has deleted the key that nobody uses. */
  readonly mended: boolean | null;
  /** Whether, right after the stroke, a consumer found a pair of a living key at the destination. */
  readonly servedMeanwhile: boolean;
  /** Whether one finds the pair of the state's key there in the end, and S3 accepts it. */
  readonly served: boolean;
  readonly processesLeft: number;
  /** Terraform was killed while it wrote its state, which it does in place, and has left an empty file. */
  readonly stateLost: boolean;
  /** Everything that Terraform said, for the report of a violation. */
  readonly said: string;
}

/** After so many runs that still change or fail, the point counts as unsettled. */
const MOST_RUNS = 4;
const NO_ROOM = 'has no room for another access key';

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

/** Where points are played. */
export interface Scene {
  readonly workshop: Workshop;
  readonly emulator: Emulator;
  readonly depot: (route: Route) => Depot;
  /** Makes the stack's earlier life, where it has one. */
  readonly template: (of: Case) => Promise<Template>;
  readonly newBucket: () => string;
}

export async function playCrashPoint(scene: Scene, point: CrashPoint): Promise<CrashResult> {
  const { workshop, emulator } = scene;
  const depot = scene.depot(point.route);
  const bucket = await setUp(scene, point);
  const strangers: EmulatorKey[] = [];
  if (point.stranger === 'before') strangers.push(emulator.makeStrangerKey(bucket));

  const struck = await runStruck(scene, point, bucket, () => {
    if (point.stranger === 'after' && emulator.keys(bucket).length < 2) {
      strangers.push(emulator.makeStrangerKey(bucket));
    }
  });
  const stateLost = startsWithKey(point) && (await workshop.stateIsEmpty());
  const servedMeanwhile = isLiving(emulator.keys(bucket), await depot.current());
  const later = await converge(workshop, point, struck.release);
  const remains = { workshop, emulator, depot, bucket, point, strangers };
  const findings = await examine({ ...remains, later: later.said });
  const refusal = later.ended === 'refused' ? (later.said.at(-1) ?? '') : '';
  const refusalNamesAll = emulator.keys(bucket).every((key) => refusal.includes(key.accessKeyId));
  // Where it is a stranger's key that takes the slot, its owner has to give way.
  const unused = findings.named.length > 0 ? findings.named : strangers.map((key) => key.accessKeyId);
  const afterAdvice = later.ended === 'refused' ? await followAdvice(scene, point, bucket, unused) : null;
  if (afterAdvice) later.said.push('(The key that nobody uses is deleted by hand.)', ...afterAdvice.said);
  return {
    ...findings,
    point,
    ended: later.ended,
    runs: later.runs,
    refusalNamesAll,
    mended: afterAdvice ? afterAdvice.ended === 'converged' : null,
    servedMeanwhile,
    served: await isServed(remains),
    processesLeft: alive(struck.left).length,
    stateLost,
    said: `--- struck run\n${struck.said}\n${later.said.map((text) => `--- later run\n${text}`).join('\n')}`,
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
  const left = await ended(providers, 15_000);
  stop();
  if (failure !== undefined) throw new Error('The stroke failed.', { cause: failure });
  const call = met(done, point, outcome);
  const release = async () => {
    gate.open();
    await emulator.waitFor((each) => each === call && each.finished);
  };
  return { said: outcome.stdout + outcome.stderr, left, release };
}

/** The call that was struck; an error when it is not the one of the dry run. */
function met(call: Call | undefined, point: CrashPoint, { stdout, stderr }: Outcome): Call {
  if (call?.operation === point.operation) return call;
  const found = call?.operation ?? 'none';
  throw new Error(`Call ${point.nth} is ${found}, not ${point.operation}: ${stdout}${stderr}`);
}

interface Later {
  readonly ended: CrashResult['ended'];
  readonly runs: number;
  readonly said: string[];
}

/** What a refusal tells its reader to do. */
async function followAdvice(
  { workshop, emulator }: Scene,
  point: CrashPoint,
  bucket: string,
  unused: readonly string[],
): Promise<Later> {
  for (const id of unused) emulator.deleteKey(bucket, id);
  return converge(workshop, { ...point, moment: 'answered' }, () => Promise.resolve());
}

async function converge(workshop: Workshop, point: CrashPoint, release: () => Promise<void>): Promise<Later> {
  const said: string[] = [];
  for (let runs = 0; ; runs++) {
    const outcome = await workshop.terraform.run(...followingCommand(point.scenario));
    said.push(unwrap(outcome.stdout + outcome.stderr));
    if (runs === 0 && point.moment === 'late') {
      await release();
    } else if (changedNothing(outcome)) {
      return { ended: 'converged', runs, said };
    } else if (said.at(-1)?.includes(NO_ROOM)) {
      return { ended: 'refused', runs: runs + 1, said };
    }
    if (runs === MOST_RUNS) return { ended: 'unsettled', runs, said };
  }
}

function changedNothing({ code, stdout }: Outcome): boolean {
  return (
    code === 0 && /^(Apply|Destroy) complete! Resources: (0 added, 0 changed, )?0 destroyed/m.test(stdout)
  );
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
