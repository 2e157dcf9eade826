import { isOfUnknownStatus } from '../../../../src/lifecycle/access-key.js';
import type { AccessKey } from '../../../../src/lifecycle/access-key.js';
import type { Destination } from '../../../../src/lifecycle/destination.js';
import { KeyOwners } from '../../../../src/lifecycle/key-owners.js';
import type { KnownKeys } from '../../../../src/lifecycle/known-keys.js';
import type { Holder, JournalEntry } from '../../../../src/lifecycle/journal/entry.js';
import { NoList } from '../../../../src/lifecycle/ports.js';
import type { BucketKeys, KeyContext, Listing } from '../../../../src/lifecycle/ports.js';
import { PlannedSlots } from '../../../../src/lifecycle/slots.js';
import type { SlotUse } from '../../../../src/lifecycle/slots.js';
import { listed } from './cloud.js';
import type { Happening } from './happenings.js';
import type { ModelSession, Sabotage } from './session.js';
import type { Scenario } from './scenario.js';
import type { Pairs } from './walk.js';

const DAY = 24 * 3_600_000;

/** One guard of the lifecycle, how it is taken away, and a scenario in which that has to show. */
export interface Guard {
  readonly name: string;
  readonly sabotage: Sabotage;
  readonly scenario: Partial<Scenario>;
  /** Which two misfortunes it takes; the worst ones where nothing is said. */
  readonly pairs?: Pairs;
}

/** Everything works with this world instead of the sound one. */
function working(world: NonNullable<Sabotage['world']>): Sabotage {
  return { world };
}

/** The journal writes something else than it is told, or is told that it has written nothing. */
function rewriting(
  change: (entry: JournalEntry | null) => JournalEntry | null | 'nothing',
  ignoresRevision = false,
): Sabotage {
  return working((world) => {
    const { destination } = world;
    const { journal } = destination;
    if (!journal) return world;
    return {
      ...world,
      destination: {
        ...destination,
        journal: {
          read: () => journal.read(),
          write: async (entry, revision) => {
            const changed = change(entry);
            if (changed === 'nothing') return { entry, revision };
            const at = ignoresRevision ? (await journal.read()).revision : revision;
            return journal.write(changed, at);
          },
        },
      },
    };
  });
}

function without<Entry extends JournalEntry>(
  entry: Entry,
  member: 'made' | 'lateWindow' | 'unlistedSince' | 'replaces' | 'digest',
): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== member)) as Entry;
}

function withKeys(change: (keys: BucketKeys, world: KeyContext) => Partial<BucketKeys>): Sabotage {
  return working((world) => ({
    ...world,
    keys: { ...world.keys, ...change(world.keys, world) },
  }));
}

function withKnown(
  change: Partial<Pick<KnownKeys, 'has' | 'isAccountedFor' | 'mayBeReplaced' | 'hasDeletedOn'>>,
): Sabotage {
  return working((world) => ({
    ...world,
    known: Object.assign(Object.create(world.known) as KnownKeys, change),
  }));
}

function withSelf(change: (self: Holder) => Partial<Holder>): Sabotage {
  return working((world) => {
    const { runs } = world;
    return { ...world, runs: { ...runs, self: { ...runs.self, ...change(runs.self) } } };
  });
}

/** What no answer tells is taken for something. */
function taking(change: (key: AccessKey, listing: Listing) => Partial<AccessKey>): Sabotage {
  return withKeys((keys) => ({
    list: async () => {
      const listing = await keys.list();
      return { ...listing, keys: listing.keys.map((key) => ({ ...key, ...change(key, listing) })) };
    },
  }));
}

/** Each plan of the process forgets those of these uses of slots. */
function forgetsSlots(isForgotten: (use: SlotUse) => boolean): Sabotage {
  class Forgetful extends PlannedSlots {
    override plans(bucket: string, by: unknown, use: SlotUse): void {
      if (!isForgotten(use)) super.plans(bucket, by, use);
    }
  }
  return {
    session: (session) => {
      Object.defineProperty(session, 'slots', { value: new Forgetful() });
    },
  };
}

/** Plan and apply are both answered so. */
function twice(happening: Happening): Pairs {
  return (first, second) => first === happening && second === happening;
}

/** Each resource of the process is planned as if there were no other. */
function forgetsOwners(session: ModelSession): void {
  Object.defineProperty(session, 'owners', { get: () => new KeyOwners() });
}

export const GUARDS: readonly Guard[] = [
  {
    name: 'the baseline',
    scenario: { exclusive: true, strangers: 1, isQuick: true },
    sabotage: rewriting((entry) => (entry?.phase === 'intent' ? { ...entry, baseline: [] } : entry)),
  },
  {
    name: 'the intent before the create',
    scenario: {},
    sabotage: rewriting((entry) => (entry?.phase === 'intent' ? 'nothing' : entry)),
  },
  {
    name: 'the record of the new key',
    scenario: { route: 'sealed' },
    sabotage: rewriting((entry) => {
      if (entry?.phase !== 'intent') return entry;
      return without(entry, 'made');
    }),
  },
  {
    name: 'the mark of the delivered pair',
    scenario: {},
    sabotage: rewriting((entry) => (entry?.phase === 'intent' ? entry : null)),
  },
  {
    name: 'the compare-and-swap of the journal',
    scenario: {},
    sabotage: rewriting((entry) => entry, true),
  },
  {
    name: 'the watch for late landings',
    scenario: {},
    sabotage: rewriting((entry) => {
      if (!entry) return entry;
      const rest = without(entry, 'lateWindow');
      return rest.phase === 'intent' && rest.released ? { ...rest, answered: true } : rest;
    }),
  },
  {
    name: 'the question whose pair lies there',
    scenario: {},
    sabotage: withKnown({ mayBeReplaced: () => true }),
  },
  {
    name: 'one create at a time',
    scenario: {},
    sabotage: withKeys((keys) => ({
      create: async () => {
        const answer = await keys.create();
        return answer.outcome === 'unknown' ? keys.create() : answer;
      },
    })),
  },
  {
    name: 'the look at the bucket after a doubtful create',
    scenario: {},
    sabotage: withKeys((keys) => {
      let doubtful = false;
      let last: Awaited<ReturnType<BucketKeys['list']>> | null = null;
      return {
        create: async () => {
          const answer = await keys.create();
          doubtful = answer.outcome === 'unknown';
          return answer;
        },
        list: async () => {
          if (doubtful && last) return last;
          last = await keys.list();
          return last;
        },
      };
    }),
  },
  {
    // What came in the time of a creation is deleted as if the author had said that nobody else makes keys.
    name: 'proof before a deletion',
    scenario: {},
    sabotage: { config: (config) => ({ ...config, exclusive: true }) },
  },
  {
    name: 'the compensation for a failed delivery',
    scenario: {},
    sabotage: withKeys(() => ({ delete: () => Promise.resolve() })),
  },
  {
    name: 'the settling after the promotion',
    scenario: {},
    sabotage: working((world) => {
      let promoted: string | null = null;
      const { destination, keys } = world;
      return {
        ...world,
        destination: {
          ...destination,
          promote: (id) => {
            promoted = id;
            return destination.promote(id);
          },
        },
        keys: {
          ...keys,
          list: async () => {
            const listing = await keys.list();
            return promoted === null
              ? listing
              : { ...listing, keys: listing.keys.filter(({ id }) => id === promoted) };
          },
        },
      };
    }),
  },
  {
    name: 'the memory of other resources’ keys',
    scenario: { exclusive: true },
    sabotage: withKnown({ has: () => false }),
  },
  {
    name: 'the question whether the holder is alive',
    scenario: { action: 'rotate', sharesFolder: true },
    sabotage: working((world) => ({ ...world, runs: { ...world.runs, isDead: () => true } })),
  },
  {
    name: 'the question whether the holder is dead',
    scenario: {},
    sabotage: working((world) => ({ ...world, runs: { ...world.runs, isDead: () => false } })),
  },
  {
    name: 'the verification with S3',
    scenario: { s3: 'never' },
    sabotage: working((world) => ({
      ...world,
      s3: { accepts: () => Promise.resolve({ state: 'accepted' as const }) },
    })),
  },
  {
    name: 'the check of the destination before the create',
    scenario: { unwritable: true },
    sabotage: working((world) => ({
      ...world,
      destination: { ...world.destination, check: () => Promise.resolve() },
    })),
  },
  {
    name: 'the look at what lies at the destination',
    scenario: { foreign: true },
    sabotage: working((world) => ({
      ...world,
      destination: { ...world.destination, read: () => Promise.resolve({ current: null }) },
    })),
  },
  {
    name: 'the care for a key whose delivery is in doubt',
    scenario: { action: 'rotate' },
    sabotage: working((world) => ({
      ...world,
      destination: {
        ...world.destination,
        read: () => world.destination.read().catch(() => ({ current: null })),
      },
    })),
  },
  {
    name: 'the time of the service’s answers',
    scenario: { action: 'rotate-overlap' },
    sabotage: withKeys((keys) => ({
      list: async () => {
        const listing = await keys.list();
        return { ...listing, asOf: new Date(listing.asOf.getTime() + 2 * DAY) };
      },
    })),
  },
  {
    name: 'the look at the last use',
    scenario: { action: 'rotate-overlap', stillUsed: true },
    sabotage: withKeys((keys) => ({
      list: async () => {
        const listing = await keys.list();
        return { ...listing, keys: listing.keys.map((key) => ({ ...key, lastUse: null })) };
      },
    })),
  },
  {
    name: 'the naming of what a key without a journal is made beside',
    // Where the folder is still that of the dead run, its notes tell of it as well.
    scenario: { route: 'output', action: 'replace', movesFolder: true },
    sabotage: working((world, history) => ({
      ...world,
      warn: (notice) => {
        if (history.phase === 'plan' || !notice.meaning.includes('is made beside it')) world.warn(notice);
      },
    })),
  },
  {
    name: 'the keys that no list shows yet',
    scenario: { lag: 120_000 },
    sabotage: withKeys((keys) => ({
      list: async () => {
        const listing = await keys.list();
        return { ...listing, keys: listing.keys.filter(({ isUnlisted }) => !isUnlisted) };
      },
    })),
  },
  {
    name: 'the word of the journal that no list shows its key yet',
    scenario: { lag: 120_000 },
    sabotage: rewriting((entry) => entry && without(entry, 'unlistedSince')),
  },
  {
    name: 'the word of the journal that its key was listed, or deleted',
    scenario: { action: 'replace-before-destroy', isHurried: true },
    sabotage: rewriting((entry) => {
      if (entry?.phase !== 'intent' || entry.made === undefined) return entry;
      return { ...entry, unlistedSince: entry.unlistedSince ?? entry.begunAt };
    }),
  },
  {
    name: 'the memory of what this process has deleted',
    scenario: { action: 'replace', strangers: 1, deletedLag: 20_000 },
    sabotage: working((world, { cloud, scenario }) => ({
      ...world,
      keys: {
        ...world.keys,
        list: async () => {
          const listing = await world.keys.list();
          // By turns, as lists differ: the one that was made above counts for two.
          cloud.shown(world.keys.bucket, scenario.lag);
          return { ...listing, keys: cloud.shown(world.keys.bucket, scenario.lag).map((key) => listed(key)) };
        },
      },
    })),
  },
  {
    name: 'the patience with a slot that AWS still counts',
    scenario: { action: 'replace', strangers: 1, deletedLag: 20_000 },
    sabotage: withKnown({ hasDeletedOn: () => false }),
  },
  {
    name: 'the look for a key after its deletion',
    scenario: { action: 'destroy' },
    sabotage: withKeys((keys) => {
      const deleted = new Set<string>();
      return {
        delete: async (id) => {
          await keys.delete(id);
          deleted.add(id);
        },
        list: async () => {
          const listing = await keys.list();
          return { ...listing, keys: listing.keys.filter(({ id }) => !deleted.has(id)) };
        },
      };
    }),
  },
  {
    name: 'the look for a young key before its deletion',
    scenario: { lag: 3000 },
    sabotage: withKeys((keys) => ({
      list: async () => {
        const listing = await keys.list();
        return { ...listing, keys: listing.keys.filter(({ isUnlisted }) => !isUnlisted) };
      },
    })),
  },
  {
    name: 'the doubt about an answer without a list',
    scenario: { action: 'keep' },
    sabotage: withKeys((keys) => ({
      list: () =>
        keys.list().catch((error: unknown) => {
          if (error instanceof NoList) return { keys: [], ...error.time };
          throw error;
        }),
    })),
  },
  {
    name: 'the doubt about a baseline that AWS has not said',
    scenario: { exclusive: true, strangers: 1, isQuick: true },
    sabotage: rewriting((entry) =>
      entry?.phase === 'intent' && entry.baseline === null ? { ...entry, baseline: [] } : entry,
    ),
  },
  {
    name: 'the folder in which a dead run has worked',
    scenario: { endsSlowly: true },
    sabotage: withSelf(() => ({ folder: '/stack' })),
  },
  {
    name: 'the doubt about machines that nothing tells apart',
    scenario: { machine: 'unknown', action: 'rotate', sharesFolder: true },
    sabotage: working((world) => ({ ...world, runs: { ...world.runs, isDead: () => true } })),
  },
  {
    name: 'the question at the end whether another run has taken over',
    scenario: {},
    sabotage: working((world) => {
      const { destination } = world;
      const { journal } = destination;
      if (!journal) return world;
      const write: typeof journal.write = async (entry, revision) =>
        (await journal.write(entry, revision)) ??
        (entry?.phase === 'unconfirmed' ? { entry, revision } : null);
      return { ...world, destination: { ...destination, journal: { read: () => journal.read(), write } } };
    }),
  },
  {
    name: 'the journal’s word which key takes whose place',
    scenario: { action: 'rotate, then destroy-unrefreshed' },
    sabotage: rewriting((entry) => entry && without(entry, 'replaces')),
  },
  {
    name: 'the word of what is removed to what has the new name',
    scenario: { action: 'rename' },
    sabotage: { ...withKnown({ mayBeReplaced: () => true }), session: forgetsOwners },
  },
  {
    name: 'the word of what has the new name to what is removed',
    scenario: { action: 'rename-new-first' },
    sabotage: { ...withKnown({ mayBeReplaced: () => true }), session: forgetsOwners },
  },
  {
    name: 'the word of the mark of a key that was to be deleted, where an update that was killed has lost the notes of it',
    sabotage: rewriting((entry) => entry && (entry.phase === 'intent' ? entry : without(entry, 'replaces'))),
    scenario: { action: 'leftovers' },
    pairs: () => false,
  },
  {
    name: 'the look for newer keys where a destroy has no journal',
    scenario: { route: 'output', action: 'rotate, then destroy-unrefreshed' },
    sabotage: withKnown({ isAccountedFor: () => true }),
  },
  {
    name: 'the status that is not told as one of its own',
    scenario: { action: 'keep' },
    sabotage: taking((key) => (isOfUnknownStatus(key) ? { status: 'Inactive' } : {})),
  },
  {
    name: 'the doubt about a key without a createdAt',
    scenario: { action: 'rotate-overlap' },
    pairs: twice('without creation'),
    sabotage: taking(({ createdAt }) => ({ createdAt: createdAt ?? new Date(0) })),
  },
  {
    name: 'the doubt about the Date of an answer',
    scenario: { action: 'rotate-overlap' },
    pairs: twice('without date ahead'),
    sabotage: withKeys((keys) => ({
      list: async () => {
        const { keys: shown, asOf } = await keys.list();
        return { keys: shown, asOf };
      },
    })),
  },
  {
    name: 'the wait for a whole answer before a key of no state is deleted',
    scenario: { exclusive: true },
    sabotage: taking((key) => (isOfUnknownStatus(key) ? { status: 'Active' } : {})),
  },
  {
    name: 'the wait for the status of a key that has lost its pair',
    scenario: { action: 'keep', changed: true },
    sabotage: taking((key) => (isOfUnknownStatus(key) ? { status: 'Active' } : {})),
  },
  {
    name: 'the digest of the pair in the mark',
    scenario: { action: 'keep' },
    sabotage: rewriting((entry) => entry && without(entry, 'digest')),
  },
  {
    name: 'the digest of the pair in the intent',
    scenario: { s3: 'off' },
    sabotage: rewriting((entry) => (entry?.phase === 'intent' ? without(entry, 'digest') : entry)),
  },
  {
    name: 'the trial of a pair before its key is taken over',
    scenario: { action: 'take-over' },
    sabotage: working((world) => ({
      ...world,
      destination: Object.defineProperty(Object.create(world.destination) as Destination, 'delivered', {
        value: () => Promise.resolve(null),
      }),
    })),
  },
  {
    name: 'the pending change of a key whose secret was never delivered',
    scenario: { action: 'import', strangers: 1 },
    sabotage: { cause: (cause) => cause && { ...cause, kind: 'due' } },
  },
  {
    name: 'the count of new keys over all plans',
    scenario: { row: { wishes: ['new', 'new', 'new'], planned: 'one by one' } },
    sabotage: forgetsSlots(({ makes }) => makes !== null),
  },
  {
    name: 'the count of what other plans take away',
    scenario: { row: { wishes: ['goes', 'rotates'], planned: 'reads first', isAppliedBackwards: true } },
    sabotage: forgetsSlots(({ makes }) => makes === null),
  },
];
