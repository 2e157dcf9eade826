import type { AccessKey } from '../../../src/lifecycle/access-key.js';
import { issueKey, lookForRoom } from '../../../src/lifecycle/issue-key.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { roomFor } from '../../../src/lifecycle/room.js';
import { ALONE } from './decide-cases.js';
import { desk, ORDER } from './desk.js';

const EXCLUSIVE = { ...ORDER, exclusive: true };

const GAPS: readonly (readonly [gap: string, without: Partial<AccessKey>])[] = [
  ['status', { status: 'unknown' }],
  ['status that this version knows', { status: 'Expiring' }],
  ['createdAt', { createdAt: null }],
];
const STATUSES = GAPS.slice(0, 2);

/** AWS tells of this key no more than that. */
function partially(world: KeyContext, without: Partial<AccessKey>): KeyContext {
  const list = async () => {
    const listing = await world.keys.list();
    return { ...listing, keys: listing.keys.map((key) => ({ ...key, ...without })) };
  };
  return { ...world, keys: { ...world.keys, list } };
}

/** The first create makes a key, and its answer is lost; others are AWS's. */
function lost(world: KeyContext, make: () => unknown): KeyContext {
  let isFirst = true;
  const create = () => {
    if (!isFirst) return world.keys.create();
    isFirst = false;
    make();
    return Promise.resolve({ outcome: 'unknown' as const, reason: 'The connection broke.' });
  };
  return { ...world, keys: { ...world.keys, create } };
}

/** A run that dies with the key made, and its pair at no place. */
async function dyingBeforeStaging(world: KeyContext, replaces?: string): Promise<void> {
  const stage = () => new Promise<never>(() => undefined);
  const destination = Object.assign(Object.create(world.destination) as typeof world.destination, { stage });
  void issueKey({ ...ORDER, ...(replaces && { replaces }) }, { ...world, destination });
  await new Promise(setImmediate);
}

describe.each(GAPS)('Of a key without a %s', (_, without) => {
  it('that a lost create may have made exclusive is no proof: it is named, and no other key is made', async () => {
    const { world, cloud } = desk();
    const one = lost(world(), () => cloud.make('uploads', 'A'));
    const failure = await issueKey(EXCLUSIVE, partially(one, without)).catch(String);
    const [key] = cloud.alive('uploads');
    expect(cloud.keys).toHaveLength(1);
    expect(failure).toContain(`key ${key?.id ?? ''} has appeared since`);
  });

  it('that a dead run may have left the next run deletes nothing; it does once AWS tells all', async () => {
    const { world, deadWorld, cloud, said } = desk();
    const one = lost(deadWorld(), () => cloud.make('uploads', 'A'));
    await issueKey(EXCLUSIVE, partially(one, without)).catch(String);
    const [key] = cloud.alive('uploads');
    const next = world();
    const { key: made } = await issueKey(EXCLUSIVE, partially(next, without));
    expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([key?.id, made.id]);
    expect(said()).toContain(key?.id);
    expect(await refreshKey(partially(world(), without), made.id, EXCLUSIVE)).toMatchObject({
      leftovers: [],
    });
    expect(await refreshKey(world(), made.id, EXCLUSIVE)).toMatchObject({ leftovers: [{ id: key?.id }] });
  });
});

describe.each(STATUSES)('Where AWS does not tell a %s', (_, without) => {
  it('a key that a dead run has made is neither deleted nor replaced, and the plan says so', async () => {
    const { world, deadWorld, cloud } = desk({ route: 'sealed' });
    await dyingBeforeStaging(deadWorld());
    const [key] = cloud.alive('uploads');
    expect(key).toBeDefined();
    const known = { ours: new Set<string>(), removed: new Set<string>() };
    const found = await lookForRoom(partially(world(), without), ORDER, true);
    const room = roomFor(
      { exclusive: false, beside: null, first: [], isNew: true, known, slots: ALONE },
      found,
    );
    expect(room.problem?.message).toContain(`A run that died left key ${key?.id ?? ''}`);
    const failure = await issueKey(ORDER, partially(world(), without)).catch(String);
    expect(failure).toContain('AWS does not report whether it is Active');
    expect(cloud.keys).toEqual([expect.objectContaining({ id: key?.id, alive: true })]);
    const { key: made } = await issueKey(ORDER, world());
    expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([made.id]);
  });
});

test.each(GAPS)(
  'a key that a dead rotation has made is no leftover while AWS tells no %s',
  async (_, without) => {
    const { world, deadWorld, cloud, said } = desk();
    const { key } = await issueKey(ORDER, world());
    const dying = deadWorld();
    dying.known.sawInState(key.id);
    dying.known.keep(key.id);
    dying.known.release(key.id, key.id);
    await dyingBeforeStaging(dying, key.id);
    const made = cloud.alive('uploads').find(({ id }) => id !== key.id);
    expect(made).toBeDefined();
    const refresh = (world: KeyContext) => {
      world.known.sawInState(key.id);
      return refreshKey(world, key.id, ORDER);
    };
    expect(await refresh(partially(world(), without))).toMatchObject({ leftovers: [] });
    expect(said()).toContain(made?.id);
    expect(await refresh(world())).toMatchObject({ leftovers: [{ id: made?.id }] });
  },
);

test.each(['neighbour', 'key itself'])(
  'no neighbour is called newer where AWS does not say when the %s was made',
  async (whose) => {
    const { world, cloud, said } = desk({ route: 'output' });
    const { key } = await issueKey(ORDER, world());
    cloud.make('uploads', 'stranger');
    const one = world();
    const list = async () => {
      const listing = await one.keys.list();
      const isUntold = ({ id }: AccessKey) => (id === key.id) === (whose === 'key itself');
      const keys = listing.keys.map((each) => (isUntold(each) ? { ...each, createdAt: null } : each));
      return { ...listing, keys };
    };
    await refreshKey({ ...one, keys: { ...one.keys, list } }, key.id, ORDER);
    expect(said()).not.toContain('is newer than key');
    await refreshKey(world(), key.id, ORDER);
    expect(said()).toContain('is newer than key');
  },
);
