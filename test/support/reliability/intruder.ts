import { unwrap } from '../stack.js';
import type { CrashPoint } from './crash-point.js';
import { isChange } from './depot.js';
import { examine, isServed } from './findings.js';
import { CREATE } from './points.js';
import { type Case, followingCommand, type Scenario } from './scenarios.js';
import { runStruck, type Scene, setUp } from './struck-run.js';

/** The rows: nothing of ours at the place yet, and a pair there that the struck run is to replace. */
export const INTRUDER_CASES: readonly Case[] = (
  ['file', 'file, sealed', 'secrets_manager', 'ssm_parameter', 'vault_kv'] as const
).flatMap((route) =>
  (['create', 'rotate'] as const).map((scenario) => ({ scenario, route, exclusive: false })),
);

/** The call that makes a pair the current one. */
const PROMOTION = /^(move |UpdateSecretVersionStage AWSCURRENT |PutParameter PLACE$|POST \S+\/data\/PLACE$)/;

/**
 * After each change from the creation on until the promotion, and where that is a call, as it is sent. Of a file each
 * step is told of once it is done; those that only clear away leave nothing new behind.
 */
export function intruderPoints(of: Case, calls: readonly string[]): CrashPoint[] {
  const promotion = calls.findIndex((operation) => PROMOTION.test(operation));
  if (promotion < calls.indexOf(CREATE)) throw new Error(`No promotion is among ${calls.join(', ')}.`);
  return calls.flatMap((operation, index): CrashPoint[] => {
    const point = { ...of, nth: index + 1, operation, strike: 'SIGKILL provider', stranger: 'none' } as const;
    if (index === promotion) return of.route.startsWith('file') ? [] : [{ ...point, moment: 'received' }];
    const isBetween = index >= calls.indexOf(CREATE) && index < promotion;
    return isBetween && isChange(operation) && !operation.startsWith('unlink')
      ? [{ ...point, moment: 'effect-done' }]
      : [];
  });
}

/** What became of the value that somebody else has put at the place after the stroke. */
export interface IntruderResult {
  readonly point: CrashPoint;
  /** `kept`: it can still be had, and a run has said that a pair takes its place. */
  readonly value: 'current' | 'kept' | 'lost';
  readonly isThereAfterDestroy: boolean;
  /** An apply that succeeded without the pair of its key at the place, and did not say whose value is there. */
  readonly claimedAsOurs: boolean;
  /** Living keys that are in no state, and that no later run has named. */
  readonly orphans: readonly string[];
  readonly said: string;
}

const LATER_RUNS = 2;
const SAYS_SO = /holds (something|a value) that this provider did not write/;

export async function playIntruder(scene: Scene, point: CrashPoint): Promise<IntruderResult> {
  const { workshop, emulator } = scene;
  const depot = scene.depot(point.route);
  const bucket = await setUp(scene, point);
  const struck = await runStruck(scene, point, bucket, () => undefined);
  const value = await depot.intrude();
  const remains = { workshop, emulator, depot, bucket, strangers: [] };
  const run = async (scenario: Scenario) => {
    const { code, stdout, stderr } = await workshop.terraform.run(...followingCommand(scenario));
    return { isDone: code === 0, text: unwrap(stdout + stderr) };
  };
  const later: string[] = [];
  let claimedAsOurs = false;
  for (let runs = 0; runs < LATER_RUNS; runs++) {
    const { isDone, text } = await run(point.scenario);
    later.push(text);
    claimedAsOurs ||= isDone && !SAYS_SO.test(text) && !(await isServed(remains));
  }
  const findings = await examine({ ...remains, later, isGone: false });
  const isCurrent = await value.isCurrent();
  const isKept = later.some((text) => SAYS_SO.test(text)) && (await value.isKept());
  const destroyed = await run('destroy');
  return {
    point,
    value: isCurrent ? 'current' : isKept ? 'kept' : 'lost',
    isThereAfterDestroy: await value.isCurrent(),
    claimedAsOurs,
    orphans: findings.orphans,
    said: [struck.said, ...later, destroyed.text].map((text) => `--- run\n${text}`).join('\n'),
  };
}

/** What of the promises the runs have broken. */
export function intruderViolations(result: IntruderResult): string[] {
  const { value, isThereAfterDestroy, claimedAsOurs, orphans } = result;
  return [
    value === 'lost' ? "somebody else's value was overwritten" : '',
    value === 'current' && !isThereAfterDestroy ? "destroy has deleted somebody else's value" : '',
    claimedAsOurs ? "somebody else's value was reported as ours" : '',
    orphans.length > 0 ? `orphans: ${orphans.join(', ')}` : '',
  ].filter((what) => what !== '');
}
