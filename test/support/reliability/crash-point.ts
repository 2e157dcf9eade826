import type { CallPoint, EmulatorKey } from '../../../src/emulator/index.js';
import { examine, type Findings, isLiving, isServed } from './findings.js';
import {
  type Choice,
  type Followed,
  type FollowUp,
  followUpWith,
  removes,
  reported,
  settle,
} from './follow-up.js';
import { alive } from './processes.js';
import { type Case, startsWithKey } from './scenarios.js';
import { secretsOf } from './secrets-seen.js';
import { takeSnapshot } from './snapshot.js';
import { instancesIn, keysIn } from './state-file.js';
import type { Strike } from './strike.js';
import { runStruck, type Scene, setUp } from './struck-run.js';

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

/** One history, and one of the ways to go on after it. */
export interface CrashResult extends Findings, Pick<Followed, 'ended' | 'runs' | 'announced'> {
  readonly point: CrashPoint;
  readonly followUp: FollowUp;
  /** Whether the refusal names every key on the bucket. */
  readonly refusalNamesAll: boolean;
  /** After a refusal: whether the runs converge once its reader has deleted the key that nobody uses. */
  readonly mended: boolean | null;
  /** Whether, right after the stroke, a consumer found a pair of a living key at the destination. */
  readonly servedMeanwhile: boolean;
  /** Whether one finds the pair of the state's key there in the end, and S3 accepts it. */
  readonly served: boolean;
  /** Whether the state's key lived after the stroke, with its pair where the configuration sends it. */
  readonly stateKeyIsDelivered: boolean;
  /** Keys of the state that live on although the resource was removed. */
  readonly ownLeft: readonly string[];
  /** IDs of the keys whose secret was printed, by the struck run or by a later one. */
  readonly secretsPrinted: readonly string[];
  readonly processesLeft: number;
  /** Terraform was killed while it wrote its state, which it does in place, and has left an empty file. */
  readonly stateLost: boolean;
  /** Everything that Terraform said, for the report of a violation. */
  readonly said: string;
}

/** One result for each way to go on, all of them from the very same situation. */
export async function playCrashPoint(
  scene: Scene,
  point: CrashPoint,
  choose: Choice,
): Promise<CrashResult[]> {
  const { workshop, emulator } = scene;
  const bucket = await setUp(scene, point);
  const strangers: EmulatorKey[] = [];
  if (point.stranger === 'before') strangers.push(emulator.makeStrangerKey(bucket));
  const secrets = secretsOf(emulator, bucket);
  const struck = await runStruck(scene, point, bucket, () => {
    if (point.stranger === 'after' && emulator.keys(bucket).length < 2) {
      strangers.push(emulator.makeStrangerKey(bucket));
    }
  });
  const before = await workshop.state().catch(() => '');
  const stroke = {
    ...{ scene, point, bucket, strangers, secrets, before, struck },
    stateLost: startsWithKey(point) && before.trim() === '',
    ...(await standing(scene, point, bucket, before)),
  };
  const restore = await takeSnapshot(scene, point, bucket);
  const results: CrashResult[] = [];
  for (const followUp of choose(instancesIn(before).length > 0)) {
    if (results.length > 0) await restore();
    results.push(await goOn(stroke, followUp));
  }
  secrets.stop();
  return results;
}

/** How consumers and the state stand right after the stroke. */
async function standing(
  { emulator, depot }: Scene,
  { scenario, route }: Case,
  bucket: string,
  state: string,
): Promise<Pick<CrashResult, 'servedMeanwhile' | 'stateKeyIsDelivered'>> {
  const pair = await depot(route).current();
  const servedMeanwhile = isLiving(emulator.keys(bucket), pair);
  const inState = instancesIn(state).some(({ attributes }) => attributes.access_key_id === pair?.accessKeyId);
  // There the configuration sends the pair elsewhere.
  return {
    servedMeanwhile,
    stateKeyIsDelivered: servedMeanwhile && inState && scenario !== 'change of route',
  };
}

/** What a stroke has left, from where every follow-up starts. */
interface Stroke extends Pick<
  CrashResult,
  'point' | 'stateLost' | 'servedMeanwhile' | 'stateKeyIsDelivered'
> {
  readonly scene: Scene;
  readonly bucket: string;
  readonly strangers: readonly EmulatorKey[];
  readonly secrets: ReturnType<typeof secretsOf>;
  readonly before: string;
  readonly struck: Awaited<ReturnType<typeof runStruck>>;
}

async function goOn(stroke: Stroke, followUp: FollowUp): Promise<CrashResult> {
  const { scene, point, bucket, strangers, struck } = stroke;
  const { stateLost, servedMeanwhile, stateKeyIsDelivered } = stroke;
  const { workshop, emulator } = scene;
  const release = point.moment === 'late' ? struck.release : undefined;
  const { said, ...later } = await followUpWith(scene, point, bucket, followUp, release);
  const remains = { workshop, emulator, depot: scene.depot(point.route), bucket, strangers };
  const findings = await examine({ ...remains, later: said, isGone: removes(followUp) });
  const living = emulator.keys(bucket).map((key) => key.accessKeyId);
  const own = removes(followUp) ? keysIn(instancesIn(stroke.before)) : [];
  const ownLeft = own.filter((id) => living.includes(id));
  const refusal = later.ended === 'refused' ? reported(said.at(-1) ?? '') : '';
  // Where it is a stranger's key that takes the slot, its owner has to give way.
  const unused = findings.named.length > 0 ? findings.named : strangers.map((key) => key.accessKeyId);
  const afterAdvice = later.ended === 'refused' ? await followAdvice(scene, bucket, unused) : null;
  if (afterAdvice) said.push('(The key that nobody uses is deleted by hand.)', ...afterAdvice.said);
  return {
    ...{ ...findings, ...later, point, followUp, stateLost, servedMeanwhile, stateKeyIsDelivered, ownLeft },
    refusalNamesAll: living.every((id) => refusal.includes(id)),
    mended: afterAdvice ? afterAdvice.ended === 'converged' : null,
    served: await isServed(remains),
    secretsPrinted: stroke.secrets.printedIn([struck.said, ...said]),
    processesLeft: alive(struck.left).length,
    said: `--- struck run\n${struck.said}\n${said.map((text) => `--- later run\n${text}`).join('\n')}`,
  };
}

/** What a refusal tells its reader to do. */
function followAdvice(
  { workshop, emulator }: Scene,
  bucket: string,
  unused: readonly string[],
): Promise<Followed> {
  for (const id of unused) emulator.deleteKey(bucket, id);
  return settle(workshop, 'apply');
}
