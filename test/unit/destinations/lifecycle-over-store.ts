import type { Destination } from '../../../src/lifecycle/destination.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { deleteWithPair } from '../../../src/lifecycle/delete.js';
import { FakeBucket, MortalRun } from '../../support/mortal-run.js';
import type { Death } from '../../support/mortal-run.js';

const ORDER = { exclusive: true, verifySeconds: 60 };

/** One place in a store, as runs of the provider and its consumer see it. */
export interface Shelf {
  /** For one run, each of whose calls to the store goes through `step`. */
  open(step: MortalRun['step']): Promise<Destination>;
  /** The secret that a consumer finds now. */
  consumed(): Promise<string | null>;
  /** What lies there and beside it, by name. */
  left(): Promise<readonly string[]>;
}

/** The real lifecycle over a store: nothing leaks, and consumers find nothing or a pair that works, wherever it dies. */
export function carriesTheLifecycle(
  title: string,
  newShelf: () => Shelf,
  /** A slow store takes its deaths in files of their own. */
  deaths: readonly Death['when'][] = ['before', 'after'],
): void {
  const resource = () => ({ bucket: new FakeBucket(), shelf: newShelf() });
  type Resource = ReturnType<typeof resource>;

  async function begin({ bucket, shelf }: Resource, death: Death | null = null) {
    const run = new MortalRun(death);
    const world = run.world(bucket, await shelf.open(run.step));
    return { run, world };
  }
  async function create(of: Resource): Promise<string> {
    return (await issueKey(ORDER, (await begin(of)).world)).key.id;
  }
  async function rotate(of: Resource, previous: string, death: Death | null = null): Promise<string> {
    const { run, world } = await begin(of, death);
    world.known.sawInState(previous);
    const outcome = await Promise.race([issueKey(ORDER, world), run.died]);
    return outcome === 'died' ? outcome : outcome.key.id;
  }
  const working = async ({ bucket, shelf }: Resource) => bucket.accepts(await shelf.consumed());

  describe(`The lifecycle over ${title}`, () => {
    test('creates, refreshes, rotates and destroys, and leaves nothing.', async () => {
      const one = resource();
      const first = await create(one);
      expect(await working(one)).toBe(first);
      expect(await refreshKey((await begin(one)).world, first)).toMatchObject({ delivered: true });
      const second = await rotate(one, first);
      expect(await working(one)).toBe(second);
      await deleteWithPair((await begin(one)).world, first);
      expect(await working(one)).toBe(second);
      expect(await refreshKey((await begin(one)).world, second)).toMatchObject({ delivered: true });
      await deleteWithPair((await begin(one)).world, second);
      expect([one.bucket.ids, await one.shelf.consumed(), await one.shelf.left()]).toEqual([[], null, []]);
    });

    test('lets one of twenty applies at once make a key.', async () => {
      const one = resource();
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => create(one)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(one.bucket.ids).toEqual([await working(one)]);
    });

    test("refuses another stack's destination, and names its key.", async () => {
      const one = resource();
      const key = await create(one);
      await refreshKey((await begin(one)).world, key);
      const run = new MortalRun();
      const other = new FakeBucket('downloads');
      const world = run.world(other, await one.shelf.open(run.step), [one.bucket]);
      await expect(issueKey(ORDER, world)).rejects.toThrow(`already holds key ${key} of bucket uploads`);
      expect([other.ids, await working(one)]).toEqual([[], key]);
    });

    describe.each(deaths)('killed %s any call', (when) => {
      test('of a creation, is finished by the next run.', async () => {
        let at = 1;
        for (; ; at++) {
          const one = resource();
          const { run, world } = await begin(one, { at, when });
          if ((await Promise.race([issueKey(ORDER, world), run.died])) !== 'died') break;
          const found = await one.shelf.consumed();
          expect([at, found === null || one.bucket.accepts(found) !== null]).toEqual([at, true]);
          const key = await create(one);
          expect([at, one.bucket.ids, await working(one)]).toEqual([at, [key], key]);
          expect([at, (await one.shelf.left()).filter((name) => name.includes('pending'))]).toEqual([at, []]);
        }
        expect(at).toBeGreaterThan(10);
      });

      test('of a rotation, leaves a pair that works, and is finished by the next run.', async () => {
        let at = 1;
        for (; ; at++) {
          const one = resource();
          const first = await create(one);
          if ((await rotate(one, first, { at, when })) !== 'died') break;
          expect([at, await working(one)]).not.toEqual([at, null]);
          const second = await rotate(one, first);
          expect([at, one.bucket.ids, await working(one)]).toEqual([at, [first, second], second]);
        }
        expect(at).toBeGreaterThan(10);
      });

      test('of a destruction, is finished by the next one.', async () => {
        let at = 1;
        for (; ; at++) {
          const one = resource();
          const key = await create(one);
          const { run, world } = await begin(one, { at, when });
          if ((await Promise.race([deleteWithPair(world, key), run.died])) !== 'died') break;
          await deleteWithPair((await begin(one)).world, key);
          expect([at, one.bucket.ids, await one.shelf.left()]).toEqual([at, [], []]);
        }
        expect(at).toBeGreaterThan(5);
      });
    });
  });
}
