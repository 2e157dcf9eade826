import type { Mark } from '../../../src/lifecycle/journal/entry.js';
import { withoutFollowers } from '../../../src/lifecycle/remove.js';
import type { Resource } from '../../../src/lifecycle/resource.js';
import { desk } from './desk.js';

/**
 * A create_before_destroy dies before its key is delivered, so the old object has that key as a leftover. The next one
 * finishes it, deletes the old object's key, and dies before that is saved. The old object is removed by a third run.
 */
describe('A key that a resource had as a leftover, and that another run has finished since', () => {
  const [OLD, NEXT] = ['AKIAOLD', 'AKIANEXT'];
  const old = {
    bucket: 'uploads',
    current: { id: OLD },
    previous: null,
    former: null,
    leftovers: [NEXT],
  } as unknown as Resource;

  async function leftoversBeside(changes: Partial<Mark>): Promise<readonly string[]> {
    const context = desk().world();
    const { journal } = context.destination;
    const { revision = '' } = (await journal?.read()) ?? {};
    const at = new Date().toISOString();
    const mark: Mark = {
      ...{ phase: 'unconfirmed', bucket: 'uploads', accessKeyId: NEXT, holder: context.runs.self, at },
      expiresAt: at,
      ...changes,
    };
    await journal?.write(mark, revision);
    return (await withoutFollowers({ current: context, previous: context }, old)).leftovers;
  }

  it.each(['unconfirmed', 'confirmed'] as const)('is not deleted with it (%s)', async (phase) => {
    expect(await leftoversBeside({ phase })).toEqual([]);
    expect(await leftoversBeside({ phase, replaces: 'AKIAOTHER' })).toEqual([]);
  });

  it('is, where it has followed its key in place, or the pair there is of another key', async () => {
    expect(await leftoversBeside({ replaces: OLD })).toEqual([NEXT]);
    expect(await leftoversBeside({ accessKeyId: 'AKIAOTHER' })).toEqual([NEXT]);
  });
});
