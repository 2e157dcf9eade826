import { History } from './model/history.js';
import type { Plot } from './model/happenings.js';
import { Judge } from './model/judge.js';
import { Process } from './model/process.js';
import { PLAIN } from './model/scenario.js';
import type { Scenario } from './model/scenario.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';

/** The model's fakes for one test: a cloud, a store, and as many processes as it takes. */
export function desk(scenario: Partial<Scenario> = {}, plot: Plot = new Map()) {
  const history = new History({ ...PLAIN, ...scenario }, plot, () => Promise.resolve());
  history.judge = new Judge(history, () => []);
  history.begin();
  const process = () => new Process(history, 'A', 'apply', {});
  return {
    history,
    cloud: history.cloud,
    store: history.store,
    /** The world of a process that lives until the test ends. */
    world: (): KeyContext => process().world('uploads', null),
    /** The world of a process that has died. */
    deadWorld: (): KeyContext => {
      const mortal = process();
      mortal.end();
      return mortal.world('uploads', null);
    },
    said: () => history.messages.map(({ text }) => text).join('\n'),
  };
}

export const ORDER = { exclusive: false, verifySeconds: 10 };
