import { join } from 'node:path';
import { tmpdir } from 'node:os';
import type { Arguments } from './arguments.js';
import { AFTERWARDS, applyLines, counted, DETAIL, facts, indented, notices, planLines } from './render.js';
import { Stage } from './stage.js';

export type Step = (stage: Stage) => Promise<void> | void;

/** One history: how things stand, what the author changes, what befalls the bucket before the plan, and after it. */
export interface Case {
  readonly name: string;
  readonly wants: (folder: string) => Arguments;
  readonly situation: Step;
  readonly change: Step;
  readonly before: Step;
  readonly meanwhile: Step;
}

let count = 0;

/** Plays a case through refresh, plan, second plan, apply, and what follows from it; answers all that could be seen. */
export async function play({ wants, situation, change, before, meanwhile }: Case): Promise<string> {
  const stage = await Stage.open(join(tmpdir(), `case-${++count}`), wants);
  try {
    await situation(stage);
    await change(stage);
    await before(stage);
    stage.calls();
    const lines = await planned(stage, meanwhile);
    stage.emulator.faults.clear();
    return [...lines, ...(await afterwards(stage))].join('\n');
  } finally {
    await stage.close();
  }
}

async function planned(stage: Stage, meanwhile: Step): Promise<string[]> {
  const { core, names } = stage;
  const stored = core.state;
  const plan = await core.plan(stage.config(), stage.planOptions);
  const lines = [...planLines(stored?.value ?? null, plan, names), ...indented(counted(stage.calls()))];
  if (!plan.change) return [...lines, stage.scenery()];
  await meanwhile(stage);
  stage.calls();
  const applied = await core.apply(plan, stage.knownConfig());
  if (plan.change.action !== 'no change') lines.push(...applyLines(plan, applied, stage.calls(), names));
  return [...lines, ...standing(stage)];
}

function standing(stage: Stage): string[] {
  const { state } = stage.core;
  const tainted = state?.tainted ? ', tainted' : '';
  return [`state: ${state ? facts(state.value, stage.names) + tainted : 'none'}`, stage.scenery()];
}

/**
 * What is left to do shows what was remembered: the next plan, an apply when every overlap is over, and a destroy.
 * The details of what is said there are other cases'.
 */
async function afterwards(stage: Stage): Promise<string[]> {
  stage.wants = stage.known ?? stage.wants;
  stage.planOptions = {};
  const { core, names } = stage;
  const stored = core.state;
  if (!stored && !stage.wants) return [];
  const before = standing(stage);
  const next = await core.plan(stage.config());
  stage.calls();
  const lines = [AFTERWARDS, ...indented(planLines(stored?.value ?? null, next, names))];
  for (const name of ['hook.after_create', 'hook.before_delete', 'store.refuses']) stage.remove(name);
  stage.wait(72);
  const later = await core.plan(stage.config());
  const applied = later.change && (await core.apply(later));
  const said = [...later.refreshSaid, ...later.said, ...(applied?.said ?? [])];
  const bugs = [...later.bugs, ...(applied?.bugs ?? [])];
  lines.push(
    `three days later: ${later.change?.action ?? 'fails'}`,
    ...indented([
      ...counted(stage.calls()),
      ...brief(said, stage),
      ...bugs.map((bug) => `BUG: ${bug}`),
      ...standing(stage).filter((line) => !before.includes(line)),
    ]),
  );
  if (!core.state) return lines;
  stage.wants = null;
  const removal = await core.plan(null, { refresh: false });
  const removed = await core.apply(removal);
  lines.push(
    'destroyed without a refresh',
    ...indented([...counted(stage.calls()), ...brief(removed.said, stage), stage.scenery()]),
  );
  return lines;
}

function brief(said: Parameters<typeof notices>[0], { names }: Stage): string[] {
  return notices(said, names).map((notice) => notice.split(DETAIL)[0] ?? '');
}
