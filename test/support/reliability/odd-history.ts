import { examine, type Findings, isServed } from './findings.js';
import { destroy, reported, settle } from './follow-up.js';
import type { OddPoint } from './odd-answers.js';
import { goOn, isRemoval, type OddFollowed, type OddFollowUp } from './odd-follow-up.js';
import { oddRun } from './odd-run.js';
import { secretsOf } from './secrets-seen.js';
import { takeSnapshot } from './snapshot.js';
import { instancesIn, keysIn } from './state-file.js';
import { type Scene, setUp } from './struck-run.js';

/** How things stand after some runs, whose words are all that a user has. */
export interface Standing extends Pick<Findings, 'orphans'> {
  /** Of a living key that was left to its reader, the pair may be all that is to be had. */
  readonly filesLeft: readonly string[];
  /** Pairs of deleted keys, at the destination, which no warning has named as left behind. */
  readonly deadPairsLeft: readonly string[];
  /** Whether a consumer finds the pair of the state's key, and S3 accepts it. */
  readonly served: boolean;
  /** The resource's objects in the state. */
  readonly objects: number;
}

/** One history of an odd answer, and one of the ways to go on after it. */
export interface OddResult extends Pick<OddFollowed, 'ended' | 'runs' | 'serves' | 'wrong'> {
  readonly point: OddPoint;
  readonly followUp: OddFollowUp;
  readonly isRemoved: boolean;
  /** After the struck run; null where that says that it failed. */
  readonly claimed: Standing | null;
  readonly rawErrors: readonly string[];
  readonly followed: Standing;
  /** Keys that a message told its reader to delete, and that consumers use. */
  readonly badAdvice: readonly string[];
  /** In the end, when everything is destroyed. */
  readonly destroyed: Standing;
  /** Keys that were in the state after the struck run, and live on in the end. */
  readonly ownLeft: readonly string[];
  readonly secretsPrinted: readonly string[];
  /** Everything that Terraform said. */
  readonly said: string;
}

const RAW_ERROR = /TypeError|Cannot read|is not a function|\bbug\b|undefined|\[object/i;
const ADVICE = /delete-bucket-access-key.*?--access-key-id (AKIA\w+)/s;

/** One result for each way to go on, all of them from the very same situation. */
export async function playOddAnswer(
  scene: Scene,
  point: OddPoint,
  followUps: readonly OddFollowUp[],
): Promise<OddResult[]> {
  const { workshop, emulator } = scene;
  const bucket = await setUp(scene, point);
  const secrets = secretsOf(emulator, bucket);
  const { code, stdout, stderr } = await oddRun(scene, point, bucket);
  const struck = stdout + stderr;
  const own = keysIn(instancesIn(await workshop.state().catch(() => '')));
  const claimed = code === 0 ? await stand([struck], point.scenario === 'destroy') : null;
  const restore = followUps.length > 1 ? await takeSnapshot(scene, point, bucket) : null;
  const results: OddResult[] = [];
  for (const followUp of followUps) {
    if (results.length > 0) await restore?.();
    results.push(await history(followUp));
  }
  secrets.stop();
  return results;

  async function history(followUp: OddFollowUp): Promise<OddResult> {
    const isRemoved = isRemoval(followUp);
    const said = [struck];
    let { said: later, ...end } = await goOn(scene, point, bucket, followUp);
    said.push(...later);
    const badAdvice: string[] = [];
    const named = end.ended === 'converged' ? undefined : ADVICE.exec(end.lastWord ?? said.at(-1) ?? '')?.[1];
    if (named !== undefined) {
      // The key of a create whose answer was lost takes the slot: its user does what the message says.
      if ((await scene.depot(point.route).current())?.accessKeyId === named) badAdvice.push(named);
      emulator.deleteKey(bucket, named);
      ({ said: later, ...end } = { ...end, ...(await settle(workshop, isRemoved ? 'destroy' : 'apply')) });
      said.push('(The named key is deleted by hand.)', ...later);
    }
    const followed = await stand(said, isRemoved);
    if (!isRemoved) said.push(...(await destroy(workshop)).said);
    const living = emulator.keys(bucket).map((key) => key.accessKeyId);
    return {
      ...{ point, followUp, isRemoved, claimed, followed, badAdvice, ...end },
      rawErrors: said.flatMap((text) => RAW_ERROR.exec(text)?.[0] ?? []),
      destroyed: isRemoved ? followed : await stand(said, true),
      ownLeft: own.filter((id) => living.includes(id)),
      secretsPrinted: secrets.printedIn(said),
      said: said.map((text, index) => `--- ${index === 0 ? 'struck' : 'later'} run\n${text}`).join('\n'),
    };
  }

  async function stand(said: readonly string[], isGone: boolean): Promise<Standing> {
    const remains = { workshop, emulator, depot: scene.depot(point.route), bucket, strangers: [] };
    const found = await examine({ ...remains, later: said, isGone });
    const filesLeft = isGone && found.named.length > 0 ? [] : found.filesLeft;
    const { length: objects } = instancesIn(await workshop.state().catch(() => ''));
    const words = said.map(reported).join(' ');
    const isTold = (pair: string) =>
      words.includes(`${pair.replace('the pair of', 'The pair of key')} of bucket ${bucket} is left behind`);
    const untold = found.deadPairsLeft.filter((pair) => !isTold(pair));
    return {
      orphans: found.orphans,
      filesLeft,
      deadPairsLeft: untold,
      served: await isServed(remains),
      objects,
    };
  }
}
