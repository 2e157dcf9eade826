import { examine, isLiving } from './findings.js';
import {
  announces,
  destroy,
  FLAGS,
  FOLLOW_UPS,
  type Followed,
  followUpWith,
  removes,
  settle,
} from './follow-up.js';
import { type Case, configuration, hasJournal } from './scenarios.js';
import { instancesIn, keysIn } from './state-file.js';
import type { Scene } from './struck-run.js';
import type { Workshop } from './workshop.js';

/** What its user does after a run that was answered oddly. */
export const ODD_FOLLOW_UPS = [
  ...FOLLOW_UPS,
  'renamed, not declared',
  'second stack',
  'second stack of another bucket',
] as const;
export type OddFollowUp = (typeof ODD_FOLLOW_UPS)[number];

export function isRemoval(followUp: OddFollowUp): boolean {
  return FOLLOW_UPS.some((each) => each === followUp && removes(each));
}

/** ODD_FOLLOW_UPS=all, or one of them by its name; else each point is followed by one of them, by turns. */
export function oddFollowUpsFor(turn: number, wanted = process.env.ODD_FOLLOW_UPS): readonly OddFollowUp[] {
  const only = ODD_FOLLOW_UPS.filter((each) => each === wanted || wanted === 'all');
  if (wanted !== undefined && only.length === 0) throw new Error(`There is no follow-up ${wanted}.`);
  // Eight of them meet eight odd answers: without the shift, each always the same one.
  const index = (turn + Math.floor(turn / ODD_FOLLOW_UPS.length)) % ODD_FOLLOW_UPS.length;
  return only.length > 0 ? only : ODD_FOLLOW_UPS.filter((_, nth) => nth === index);
}

export interface OddFollowed extends Followed {
  /** Whether the first stack is to have a working pair in the end. */
  readonly serves: boolean;
  /** Where that is not the last of all, what its last run has said. */
  readonly lastWord?: string;
  /** What has been found wrong on the way. */
  readonly wrong: readonly string[];
}

export async function goOn(
  scene: Scene,
  of: Case,
  bucket: string,
  followUp: OddFollowUp,
): Promise<OddFollowed> {
  const plain = FOLLOW_UPS.find((each) => each === followUp);
  if (plain) {
    const followed = await followUpWith(scene, of, bucket, plain);
    return { ...followed, serves: !removes(plain), wrong: [] };
  }
  if (followUp === 'renamed, not declared') return renameSilently(scene, of, bucket);
  if (followUp === 'second stack') return withSecondStack(scene, of, bucket, bucket);
  const another = scene.newBucket();
  scene.emulator.createBucket(another);
  return withSecondStack(scene, of, bucket, another);
}

/** A plan that refuses the new name and tells of the move is a good end; its reader takes the old name again. */
async function renameSilently(scene: Scene, of: Case, bucket: string): Promise<OddFollowed> {
  const { workshop, depot } = scene;
  const declared = configuration(of, bucket, depot(of.route).secretOf(of, 'after'), 'after');
  const before = instancesIn(await workshop.state().catch(() => ''));
  await workshop.configure(declared.replace('"key"', '"renamed"'));
  const applied = await workshop.terraform.run('apply', ...FLAGS);
  const said = applied.stdout + applied.stderr;
  const isRefused = applied.code !== 0 && announces(said, before) === true;
  if (isRefused) await workshop.configure(declared);
  const settled = await settle(workshop, 'apply');
  return { ...settled, said: [said, ...settled.said], serves: true, wrong: [] };
}

/** Somebody applies a stack of their own with the same destination, then the first one goes on, then theirs goes. */
async function withSecondStack(
  scene: Scene,
  of: Case,
  bucket: string,
  theirBucket: string,
): Promise<OddFollowed> {
  const { workshop, emulator } = scene;
  const depot = scene.depot(of.route);
  const secret = depot.secretOf(of, 'after');
  await workshop.configure(configuration(of, bucket, secret, 'after'));
  const ids = () => emulator.keys(bucket).map((key) => key.accessKeyId);
  const own = keysIn(instancesIn(await workshop.state().catch(() => ''))).filter((id) => ids().includes(id));
  const twin = await workshop.twin(`second-${bucket}`);
  try {
    const theirs = configuration(of, theirBucket, secret.replaceAll('"out/', `"${workshop.out}/`), 'after');
    await twin.configure(theirs);
    const applied = await twin.terraform.run('apply', ...FLAGS);
    const wrong = own.filter((id) => !ids().includes(id)).map((id) => `the second stack has deleted ${id}`);
    const said = [applied.stdout + applied.stderr];
    if (applied.code === 0 && !(await holdsPair(twin))) wrong.push('the second stack has no pair');
    const first = await (applied.code === 0 ? once(workshop) : settle(workshop, 'apply'));
    said.push(...first.said);
    // Without a journal there is no word of whose the place is, and the last writer has it.
    if (applied.code === 0 && hasJournal(of) && !(await holdsPair(twin)))
      wrong.push("the first stack has undone the second's");
    const gone = await destroy(twin);
    said.push(...gone.said);
    if (gone.ended !== 'converged') wrong.push('the second stack cannot be destroyed');
    const { orphans } = await examine({
      ...{ workshop: twin, emulator, depot, bucket: theirBucket, strangers: [] },
      ...{ later: said, isGone: theirBucket !== bucket },
    });
    if (theirBucket !== bucket)
      wrong.push(...orphans.map((id) => `${id} of the second stack is not reported`));
    return { ...first, said, serves: applied.code !== 0, wrong, lastWord: first.said.at(-1) ?? '' };
  } finally {
    await twin.close();
  }

  async function holdsPair(stack: Workshop): Promise<boolean> {
    const [instance] = instancesIn(await stack.state().catch(() => ''));
    const pair = instance ? await depot.delivered(instance.attributes) : null;
    return isLiving(emulator.keys(theirBucket), pair);
  }
}

/** Where the place is another stack's now, how the first one ends is its reader's affair. */
async function once({ terraform }: Workshop): Promise<Followed> {
  const { stdout, stderr } = await terraform.run('apply', ...FLAGS);
  return { ended: 'converged', runs: 1, said: [stdout + stderr], announced: null };
}
