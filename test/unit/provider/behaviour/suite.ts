import { isolateEnvironment } from '../../lightsail/environment.js';
import { Golden, isRecording } from './golden.js';
import { DETAIL } from './render.js';
import { play } from './play.js';
import type { Case } from './play.js';

isolateEnvironment();

/** Plays every case of a group, and compares what could be seen with what was recorded. */
export function pinned(title: string, group: string, cases: readonly Case[]): void {
  describe(title, () => {
    const golden = new Golden(group);
    const names = cases.map(({ name }) => name);
    afterAll(() => {
      golden.save(names);
    });

    it.each(cases.map((one) => [one.name, one] as const))('%s: is as recorded', async (name, one) => {
      const seen = await play(one);
      expect(readable(seen)).toBe(readable(golden.outcomeOf(name, seen) ?? 'a case that was never recorded'));
    });

    it('has no case that is recorded and not played', () => {
      expect(new Set(names).size).toBe(names.length);
      if (!isRecording()) expect(names).toEqual(expect.arrayContaining([...golden.cases]));
    });
  });
}

/** In a difference, a notice's detail has a line of its own. */
function readable(outcome: string): string {
  return outcome.replaceAll(DETAIL, '\n      ');
}
