import type { CallPoint, Emulator, EmulatorKey, RecordedCall } from '../../../src/emulator/index.js';
import { unwrap } from '../stack.js';
import type { Outcome } from '../terraform.js';
import { examine, type Findings } from './findings.js';
import { alive, childrenOf, ended } from './processes.js';
import { type Case, configuration, followingCommand, killedCommand, startsWithKey } from './scenarios.js';
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
  readonly processesLeft: number;
  /** Terraform was killed while it wrote its state, which it does in place, and has left an empty file. */
  readonly stateLost: boolean;
  /** Everything that Terraform said, for the report of a violation. */
  readonly said: string;
}

/** After so many runs that still change or fail, the point counts as unsettled. */
const MOST_RUNS = 4;
const NO_ROOM = 'has no room for another access key';

/** The Lightsail and S3 calls of one whole run, in order. */
export async function dryRun(scene: Scene, of: Case): Promise<string[]> {
  const { workshop, emulator } = scene;
  const bucket = await setUp(scene, of);
  const from = emulator.log.length;
  const outcome = await workshop.terraform.run(...killedCommand(of));
  if (outcome.code !== 0)
    throw new Error(`${of.scenario} fails by itself: ${outcome.stdout}${outcome.stderr}`);
  return emulator.log
    .slice(from)
    .filter((call) => call.bucket === bucket)
    .map((call) => call.operation);
}

/** Where points are played. */
export interface Scene {
  readonly workshop: Workshop;
  readonly emulator: Emulator;
  /** Makes the stack's earlier life, where it has one. */
  readonly template: (of: Case) => Promise<Template>;
  readonly newBucket: () => string;
}

export async function playCrashPoint(scene: Scene, point: CrashPoint): Promise<CrashResult> {
  const { workshop, emulator } = scene;
  const bucket = await setUp(scene, point);
  const strangers: EmulatorKey[] = [];
  if (point.stranger === 'before') strangers.push(emulator.makeStrangerKey(bucket));

  const struck = await runStruck(scene, point, bucket, () => {
    if (point.stranger === 'after' && emulator.keys(bucket).length < 2) {
      strangers.push(emulator.makeStrangerKey(bucket));
    }
  });
  const stateLost = startsWithKey(point) && (await workshop.stateIsEmpty());
  const later = await converge(workshop, point, struck.release);
  const findings = await examine({ workshop, emulator, bucket, point, strangers, later: later.said });
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
    processesLeft: alive(struck.left).length,
    stateLost,
    said: `--- struck run\n${struck.said}\n${later.said.map((text) => `--- later run\n${text}`).join('\n')}`,
  };
}

async function setUp({ workshop, emulator, template, newBucket }: Scene, of: Case): Promise<string> {
  const bucket = newBucket();
  await workshop.clear();
  if (startsWithKey(of)) {
    const made = await template(of);
    await workshop.clear();
    await workshop.restore(made.instantiate(bucket, emulator));
  } else {
    emulator.createBucket(bucket);
  }
  await workshop.configure(configuration(of, bucket, 'after'));
  return bucket;
}

interface Struck {
  readonly said: string;
  /** Processes that had not ended in good time. */
  readonly left: readonly number[];
  /** Lets a late call take its effect. */
  readonly release: () => Promise<void>;
}

async function runStruck(
  { workshop, emulator }: Scene,
  point: CrashPoint,
  bucket: string,
  onStruck: () => void,
): Promise<Struck> {
  const started = workshop.terraform.start(...killedCommand(point));
  const providers = new Set<number>();
  const seen: number[] = [];
  const gate = openLater();
  let done: RecordedCall | undefined;
  let failure: unknown;
  const stop = emulator.onCall(async (moment, call) => {
    if (call.bucket !== bucket || done) return;
    if (moment === 'received') seen.push(call.id);
    if (seen.indexOf(call.id) !== point.nth - 1) return;
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
    await emulator.waitFor(({ id, finished }) => id === call.id && finished);
  };
  return { said: outcome.stdout + outcome.stderr, left, release };
}

/** The call that was struck; an error when it is not the one of the dry run. */
function met(call: RecordedCall | undefined, point: CrashPoint, { stdout, stderr }: Outcome): RecordedCall {
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
