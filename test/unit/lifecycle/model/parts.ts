import {
  harderScenarios,
  plainScenarios,
  rowScenarios,
  sampledPairs,
  withoutStrangers,
} from './scenarios.js';
import { extent, sample } from './share.js';
import { walk } from './walk.js';
import type { Pairs, Walked } from './walk.js';

/** Scenarios of one sort. */
export interface Part {
  readonly title: string;
  readonly walk: (walked: Walked) => Promise<void>;
}

const every: Pairs = () => true;

/** All that is walked with `exclusive` or without it. */
export function partsWith(exclusive: boolean): readonly Part[] {
  const parts: readonly Part[] = [
    {
      title:
        'whatever befalls one step of any route and action, and then another, no key is leaked or stolen',
      walk: async (walked) => {
        const pairs = sampledPairs({
          worst: sample({ quick: 110, wide: 3, more: 1 }),
          other: sample({ quick: 2800, wide: 60, more: 25 }),
        });
        const share = sample({ quick: 3, wide: 1, more: 1 });
        for (const scenario of plainScenarios(exclusive)) {
          await walk(scenario, walked, { share, pairs: exclusive ? withoutStrangers(pairs) : pairs });
        }
      },
    },
    {
      title:
        'nor on a shared bucket, on changing machines, after hours, with a slow API, hooks or open arguments',
      walk: async (walked) => {
        const share = sample({ quick: 600, wide: 16, more: 7 });
        const pairs = extent === 'full' ? { pairs: exclusive ? withoutStrangers(every) : every } : { share };
        for (const scenario of harderScenarios(exclusive)) await walk(scenario, walked, pairs);
      },
    },
  ];
  // Two that both say it on one bucket are refused.
  return exclusive ? parts : [...parts, ROWS];
}

const ROWS: Part = {
  title:
    'nor where several resources of one configuration share a bucket, in whatever order they are planned and applied',
  walk: async (walked) => {
    const rows = sample({ quick: 3, wide: 1, more: 1 });
    const share = sample({ quick: 600, wide: 50, more: 20 });
    for (const scenario of rowScenarios()) if (rows.isTaken()) await walk(scenario, walked, { share });
  },
};
