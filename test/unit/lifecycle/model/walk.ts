import { happeningsAt } from './happenings.js';
import type { Happening, Step } from './happenings.js';
import type { History } from './history.js';
import { play } from './play.js';
import type { Sabotage } from './process.js';
import type { Scenario } from './scenario.js';

export interface Walked {
  histories: number;
  /** Each kind of violation, with how often and an example that can be played again. */
  readonly violations: Map<string, { times: number; example: string }>;
}

/** Whether a second happening may follow a first one. */
export type Pairs = (first: Happening, second: Happening, step: Step) => boolean;

export function nothingWalked(): Walked {
  return { histories: 0, violations: new Map() };
}

/** Every history of a scenario with at most one happening, and those with two that `pairs` asks for. */
export async function walk(
  scenario: Scenario,
  walked: Walked,
  { pairs, sabotage, upTo = Infinity }: { pairs?: Pairs; sabotage?: Sabotage; upTo?: number } = {},
): Promise<void> {
  const visit = async (plot: Map<number, Happening>): Promise<History> => {
    const history = await play(scenario, plot, sabotage);
    walked.histories += 1;
    for (const violation of history.violations) {
      const seen = walked.violations.get(violation);
      if (seen) seen.times += 1;
      else walked.violations.set(violation, { times: 1, example: describe(scenario, plot, history) });
    }
    return history;
  };
  const plain = await visit(new Map());
  for (const [at, first] of candidates(plain, 0, scenario)) {
    if (walked.violations.size >= upTo) return;
    if (!pairs) {
      await visit(new Map([[at, first]]));
      continue;
    }
    const single = await visit(new Map([[at, first]]));
    for (const [later, second, step] of candidates(single, at + 1, scenario)) {
      if (walked.violations.size >= upTo) return;
      if (!pairs(first, second, step)) continue;
      await visit(
        new Map([
          [at, first],
          [later, second],
        ]),
      );
    }
  }
}

function* candidates(
  history: History,
  from: number,
  scenario: Scenario,
): Generator<[number, Happening, Step]> {
  const createBeforeDestroy = scenario.action === 'replace-before-destroy';
  for (const [number, step] of history.steps.entries()) {
    if (number < from || step.run > 3) continue;
    for (const happening of happeningsAt(step, { createBeforeDestroy })) yield [number, happening, step];
  }
}

function describe(scenario: Scenario, plot: Map<number, Happening>, history: History): string {
  const happened = [...plot].map(([number, happening]) => {
    const step = history.steps[number];
    return `[${number}, '${happening}'] at ${step?.port ?? '?'} of run ${step?.run ?? '?'} ${step?.phase ?? ''}`;
  });
  return `${JSON.stringify(scenario)} ${happened.join(' and ')}`;
}
