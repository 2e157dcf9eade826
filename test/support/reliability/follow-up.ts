import { unwrap } from '../stack.js';
import type { Outcome } from '../terraform.js';
import type { CrashPoint } from './crash-point.js';
import { type Instance, instancesIn } from './state-file.js';
import { ADDRESS, type Case, configuration, MOVED_TO, SCENARIOS } from './scenarios.js';
import { SHARE } from './share.js';
import type { Scene } from './struck-run.js';
import type { Workshop } from './workshop.js';

/** What its user does after a run was struck. */
export const FOLLOW_UPS = ['apply', 'destroy', 'destroy -refresh=false', 'block removed', 'renamed'] as const;
export type FollowUp = (typeof FOLLOW_UPS)[number];

/** Nothing is to be left of the resource. */
export function removes(followUp: FollowUp): boolean {
  return followUp !== 'apply' && followUp !== 'renamed';
}

/** How to go on from where a stroke has left a stack: `isInState` tells whether the state has an object of it. */
export type Choice = (isInState: boolean) => readonly FollowUp[];

/** RELIABILITY_FOLLOW_UPS=all, or one of them by its name. */
const WANTED = process.env.RELIABILITY_FOLLOW_UPS;
/** Else a share of the points is followed by the apply and, by turns, one of the others. */
const ALL = SHARE === 1 || WANTED === 'all';

export function choiceFor(point: CrashPoint, index: number): Choice {
  return (isInState) => {
    // A late call is to meet the next apply; what lands after a removal is nobody's to find.
    if (point.moment === 'late') return ['apply'];
    // With nothing in the state, Terraform asks no provider to remove anything.
    const others = FOLLOW_UPS.filter((each) => each !== 'apply' && (isInState || !removes(each)));
    const turn = others[(index + SCENARIOS.indexOf(point.scenario)) % others.length];
    const followUps: FollowUp[] = ['apply', ...(ALL ? others : others.filter((each) => each === turn))];
    const only = FOLLOW_UPS.filter((each) => each === WANTED);
    return only.length > 0 ? only.filter((each) => isInState || !removes(each)) : followUps;
  };
}

export interface Followed {
  /** `refused`: both slots are taken and the message names who has them; `unsettled`: still changing or failing. */
  readonly ended: 'converged' | 'refused' | 'unsettled';
  /** Runs that changed something or failed. */
  readonly runs: number;
  /** Everything that the user saw. */
  readonly said: string[];
  /** Of a rename that was not declared: whether the plan said that another resource holds the key. */
  readonly announced: boolean | null;
}

/** After so many runs that still change or fail, the point counts as unsettled. */
const MOST_RUNS = 4;
const NO_ROOM = 'has no room for another access key';
export const FLAGS = ['-auto-approve', '-no-color', '-lock=false'];

/** Goes on until nothing changes any more. `release` lets a late call take its effect, after the first run. */
export async function followUpWith(
  scene: Scene,
  of: Case,
  bucket: string,
  followUp: FollowUp,
  release?: () => Promise<void>,
): Promise<Followed> {
  const { workshop } = scene;
  const secret = scene.depot(of.route).secretOf(of, 'after');
  const declared = configuration(of, bucket, secret, 'after');
  switch (followUp) {
    case 'apply':
      await workshop.configure(declared);
      return settle(workshop, 'apply', release);
    case 'destroy':
      await workshop.configure(declared);
      return destroy(workshop);
    case 'destroy -refresh=false':
      await workshop.configure(declared);
      return settle(workshop, 'destroy -refresh=false');
    case 'block removed':
      await workshop.configure('');
      return settle(workshop, 'apply');
    case 'renamed':
      return rename(workshop, declared);
  }
}

/** Does what an error of the plan before a destroy tells its reader to. */
export async function destroy(workshop: Workshop): Promise<Followed> {
  const first = await workshop.terraform.run('destroy', ...FLAGS);
  if (await isDone(workshop, first)) return once(first);
  const said = first.stdout + first.stderr;
  const isAdvised = first.code !== 0 && unwrap(said).includes('-refresh=false');
  const rest = await settle(workshop, isAdvised ? 'destroy -refresh=false' : 'destroy');
  return { ...rest, runs: rest.runs + 1, said: [said, ...rest.said] };
}

function once({ stdout, stderr }: Outcome): Followed {
  return { ended: 'converged', runs: 1, said: [stdout + stderr], announced: null };
}

/** Plans the resource under another name, and then moves it there. */
async function rename(workshop: Workshop, declared: string): Promise<Followed> {
  const renamed = declared.replace('"key"', '"renamed"');
  const before = instancesIn(await workshop.state().catch(() => ''));
  await workshop.configure(renamed);
  const plan = await workshop.terraform.run('plan', '-no-color', '-lock=false');
  const said = `${plan.stdout}${plan.stderr}`;
  await workshop.configure(`${renamed}\nmoved {\n  from = ${ADDRESS}\n  to   = ${MOVED_TO}\n}`);
  const moved = await settle(workshop, 'apply');
  return { ...moved, said: [said, ...moved.said], announced: announces(said, before) };
}

/** Whether a plan tells how to move the resource that has the key: no provider knows its address. */
export function announces(said: string, before: readonly Instance[]): boolean | null {
  return before.length === 0 ? null : unwrap(said).includes('moved {');
}

/** Runs a command until it changes nothing any more. */
export async function settle(
  workshop: Workshop,
  command: 'apply' | 'destroy' | 'destroy -refresh=false',
  release?: () => Promise<void>,
): Promise<Followed> {
  const said: string[] = [];
  const end = (ended: Followed['ended'], runs: number) => ({ ended, runs, said, announced: null });
  for (let runs = 0; ; runs++) {
    const outcome = await workshop.terraform.run(...command.split(' '), ...FLAGS);
    said.push(outcome.stdout + outcome.stderr);
    if (runs === 0 && release) {
      await release();
    } else if (changedNothing(outcome)) {
      return end('converged', runs);
    } else if (await isDone(workshop, outcome)) {
      return end('converged', runs + 1);
    } else if (unwrap(said.at(-1) ?? '').includes(NO_ROOM)) {
      return end('refused', runs + 1);
    }
    if (runs === MOST_RUNS) return end('unsettled', runs);
  }
}

/** Whether everything is gone from the state, by a run that went well. */
export async function isDone(workshop: Workshop, { code }: Outcome): Promise<boolean> {
  return code === 0 && instancesIn(await workshop.state().catch(() => '')).length === 0;
}

function changedNothing({ code, stdout }: Outcome): boolean {
  return (
    code === 0 && /^(Apply|Destroy) complete! Resources: (0 added, 0 changed, )?0 destroyed/m.test(stdout)
  );
}

/** What was said in sentences: a plan's list of attributes tells nobody what becomes of a key. */
export function reported(said: string): string {
  return unwrap(said.replace(/^\s*(-\/\+|\+\/-|[-+~])?\s*[\w.]+\s+= .*$/gm, ''));
}
