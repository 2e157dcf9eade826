import type { Port } from './model/happenings.js';
import type { History } from './model/history.js';
import { play } from './model/play.js';
import { PLAIN } from './model/scenario.js';
import type { Scenario } from './model/scenario.js';

const at = (history: History, port: Port, run = 1) =>
  history.steps.findIndex((step) => step.port === port && step.run === run && step.phase === 'apply');

describe('A pair that is altered while the creation after it has not ended', () => {
  it('is found to be altered, although the journal speaks of the new key', async () => {
    const scenario: Scenario = { ...PLAIN, action: 'replace-before-destroy' };
    const stage = at(await play(scenario, new Map()), 'destination.stage');
    const aborted = await play(scenario, new Map([[stage, 'abort' as const]]));
    const next = aborted.steps.findIndex(({ run }) => run === 2);
    const plot = new Map([
      [stage, 'abort' as const],
      [next, 'altered' as const],
    ]);
    expect((await play(scenario, plot)).violations).toEqual([]);
  });
});

describe('A pair that was delivered, and altered before its run was known to be dead', () => {
  it('has its before_delete hook run before its key is deleted', async () => {
    const scenario: Scenario = { ...PLAIN, route: 'sealed', action: 'rotate', hooks: true };
    const hook = at(await play(scenario, new Map()), 'hook.deletion');
    const killed = await play(scenario, new Map([[hook, 'kill-before' as const]]));
    const next = killed.steps.findIndex(({ run, phase }) => run === 2 && phase === 'apply');
    const plot = new Map([
      [hook, 'kill-before' as const],
      [next, 'altered' as const],
    ]);
    expect((await play(scenario, plot)).violations).toEqual([]);
  });
});

/** A run that dies with its pair staged, and somebody who alters the pair before the next one. */
async function alteredWhileStaged(scenario: Scenario) {
  const { steps } = await play(scenario, new Map());
  const stage = steps.findIndex(({ port }) => port === 'destination.stage');
  return play(
    scenario,
    new Map([
      [stage, 'kill-after' as const],
      [stage + 1, 'altered' as const],
    ]),
  );
}

describe('A pair that a dead run has staged, and that was altered since', () => {
  it.each(['readable', 'sealed'] as const)(
    'is not promoted without verify either: its key is deleted and another made (%s)',
    async (route) => {
      const { violations, cloud, store } = await alteredWhileStaged({ ...PLAIN, route, s3: 'off' });
      const [first, second] = cloud.keys;
      expect(violations).toEqual([]);
      expect([first?.alive, second?.alive]).toEqual([false, true]);
      expect(store.current).toEqual({ id: second?.id, secret: second?.secret });
    },
  );
});
