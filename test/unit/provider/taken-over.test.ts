import { play } from '../lifecycle/model/play.js';
import { PLAIN } from '../lifecycle/model/scenario.js';

const FIRST_STEPS = Array.from({ length: 12 }, (_, step) => step);

describe('A pair in place is taken over as it was planned', () => {
  it.each(FIRST_STEPS)(
    'although AWS does not tell when its key was made, at step %i, and tells it before or after',
    async (step) => {
      const plot = new Map([[step, 'without creation' as const]]);
      const { violations } = await play({ ...PLAIN, action: 'take-over' }, plot);
      expect(violations).toEqual([]);
    },
  );
});
