import { inspect } from '../../../src/lifecycle/inspect.js';
import type { Situation } from '../../../src/lifecycle/inspect.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import type { Holder, Intent, Mark } from '../../../src/lifecycle/journal/entry.js';
import type { Message } from '../../../src/lifecycle/message.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { announceIssue } from './announce.js';
import { desk, ORDER } from './desk.js';

const MINUTES = 60_000;
const LEASE = 10 * MINUTES;
const SELF: Holder = {
  machine: 'boot 1',
  pid: 100,
  started: 'then',
  host: 'ci',
  folder: '/stacks/one',
  workspace: 'default',
};
const ALIVE = new Set([SELF.pid, 7]);

/** As the provider tells it: only of its own machine, and only where it knows that. */
function runFor(world: KeyContext, self: Holder): KeyContext {
  const isDead = ({ machine, pid }: Holder) =>
    machine !== null && machine === self.machine && !ALIVE.has(pid);
  return { ...world, runs: { ...world.runs, self, isDead, wasLeft: () => true } };
}

interface Left {
  readonly by: Partial<Holder>;
  readonly as: 'mark' | 'intent';
  readonly entry?: Readonly<Record<string, unknown>>;
}

/** A key whose pair is at the destination and whose maker has ended, or not. */
function left({ by, as, entry: more = {} }: Left) {
  const at = desk();
  const key = at.cloud.make('uploads', 'A');
  if (!key) throw new Error('There is no room.');
  at.store.current = { id: key.id, secret: key.secret };
  const holder = { ...SELF, pid: 5, ...by };
  const begunAt = new Date(at.cloud.now).toISOString();
  const expiresAt = new Date(at.cloud.now + LEASE).toISOString();
  const rest = { bucket: 'uploads', holder, expiresAt };
  const mark: Mark = { phase: 'unconfirmed', accessKeyId: key.id, at: begunAt, ...rest };
  const intent: Intent = {
    phase: 'intent',
    nonce: 'n',
    baseline: [],
    begunAt,
    made: key.id,
    answered: true,
    ...rest,
  };
  const entry = { ...(as === 'mark' ? mark : intent), ...more };
  at.store.writeJournal(entry, at.store.readJournal().revision);
  at.cloud.pass(MINUTES, 0);
  const world = (self: Partial<Holder> = {}) => runFor(at.world(), { ...SELF, ...self });
  return { ...at, key, world };
}

async function kindFor(
  { world, cloud }: ReturnType<typeof left>,
  self: Partial<Holder>,
  { exclusive = false, after = 0 } = {},
): Promise<Situation['kind'] | undefined> {
  cloud.pass(after, 0);
  return (await inspect(world(self), { exclusive }))?.situation.kind;
}

describe.each(['mark', 'intent'] as const)('A delivered key whose %s nobody has confirmed', (as) => {
  it('is adopted where a dead process of the same machine worked in the same folder and workspace', async () => {
    expect(await kindFor(left({ by: {}, as }), {})).toBe('delivered');
  });

  it.each<[string, Partial<Holder>]>([
    ['another folder', { folder: '/stacks/two' }],
    ['another workspace', { workspace: 'staging' }],
    ['another machine', { machine: 'boot 2' }],
    ['the same host after another boot', { machine: 'boot 0' }],
  ])('is never adopted from %s, however long ago', async (_, by) => {
    const it = left({ by, as });
    // Only its lease keeps a creation from being looked at.
    expect(await kindFor(it, {})).toBe(as === 'intent' && by.machine ? 'busy' : 'owned');
    expect(await kindFor(it, {}, { after: LEASE })).toBe('owned');
    expect(await kindFor(it, {}, { after: 1000 * LEASE })).toBe('owned');
  });

  it('is never adopted where the machine is unknown on both sides, though host and folder are the same', async () => {
    const it = left({ by: { machine: null }, as });
    expect(await kindFor(it, { machine: null }, { after: 1000 * LEASE })).toBe('owned');
  });

  it('is never adopted where the folder is unknown on both sides', async () => {
    const it = left({ by: { folder: null }, as });
    expect(await kindFor(it, { folder: null }, { after: 1000 * LEASE })).toBe('owned');
  });

  it.each([false, true])(
    'is never adopted where Terraform has taken the answer with it in this folder (exclusive: %s)',
    async (exclusive) => {
      const it = left({ by: {}, as });
      const world = it.world();
      const runs = { ...world.runs, wasTaken: (id: string) => id === it.key.id };
      it.cloud.pass(1000 * LEASE, 0);
      const found = await inspect({ ...world, runs }, { exclusive });
      expect(found?.situation.kind).toBe('owned');
    },
  );

  it('is never adopted where the folder does not know of a run that has not ended: it may be another one of that path', async () => {
    const it = left({ by: {}, as });
    const world = it.world();
    it.cloud.pass(1000 * LEASE, 0);
    const runs = { ...world.runs, wasLeft: () => false };
    const found = await inspect({ ...world, runs }, { exclusive: false });
    expect(found?.situation.kind).toBe('owned');
  });

  it('is not deleted either where its pair is gone by then', async () => {
    const it = left({ by: {}, as });
    const world = it.world();
    const runs = { ...world.runs, wasTaken: (id: string) => id === it.key.id };
    it.store.current = null;
    it.cloud.pass(1000 * LEASE, 0);
    const found = await inspect({ ...world, runs }, { exclusive: true });
    expect(found?.situation.kind).toBe('owned');
  });

  it('is left to its maker as long as that lives', async () => {
    const it = left({ by: { pid: 7 }, as });
    expect(await kindFor(it, {})).toBe(as === 'intent' ? 'busy' : 'owned');
    expect(await kindFor(it, {}, { after: 1000 * LEASE })).toBe('owned');
  });

  it.each<[string, Partial<Holder>]>([
    ['another machine', { machine: 'boot 2' }],
    ['an unknown one', { machine: null }],
    ['another folder', { folder: '/stacks/two' }],
  ])('is adopted from %s with exclusive, once its lease is over', async (_, by) => {
    const it = left({ by, as });
    expect(await kindFor(it, {}, { exclusive: true })).not.toBe('delivered');
    expect(await kindFor(it, {}, { exclusive: true, after: LEASE })).toBe('delivered');
  });

  it('is not taken from another resource of this process that keeps it', async () => {
    const it = left({ by: {}, as });
    const world = it.world();
    world.known.sawInState(it.key.id);
    world.known.keep(it.key.id);
    expect((await inspect(world, ORDER))?.situation.kind).toBe('owned');
  });

  it('is replaced by its own resource', async () => {
    const it = left({ by: { folder: '/stacks/two' }, as });
    const world = it.world();
    world.known.sawInState(it.key.id);
    it.cloud.pass(LEASE, 0);
    expect((await inspect(world, ORDER))?.situation.kind).toBe(as === 'mark' ? 'free' : 'abandoned');
  });

  it('is refused by plan and apply in the same words, with its maker and the command that imports it', async () => {
    const it = left({ by: { folder: '/stacks/two', workspace: 'staging', host: 'runner-7' }, as });
    const refused = async (work: Promise<unknown>) =>
      work.then(
        () => '',
        (error: unknown) => String(error),
      );
    it.cloud.pass(LEASE, 0);
    const said = await refused(announceIssue(ORDER, it.world(), null));
    expect(await refused(issueKey(ORDER, it.world()))).toBe(said);
    expect(said).toContain(`the store already holds key ${it.key.id} of bucket uploads`);
    expect(said).toContain(
      'A run on runner-7 in folder /stacks/two, workspace staging delivered it at 2026-01-01',
    );
    expect(said).toMatch(new RegExp(`\n {2}terraform import ADDRESS uploads,${it.key.id}$`));
    expect([it.cloud.keys.length, it.store.current?.id]).toEqual([1, it.key.id]);
  });
});

test('a confirmed mark is never adopted, not even with exclusive by the same folder', async () => {
  const it = left({ by: {}, as: 'mark', entry: { phase: 'confirmed' } });
  expect(await kindFor(it, {}, { exclusive: true, after: 1000 * LEASE })).toBe('owned');
});

test('an intent that its run has released is not adopted from elsewhere, but at once with exclusive', async () => {
  const it = left({ by: { machine: 'boot 2' }, as: 'intent', entry: { released: true } });
  expect(await kindFor(it, {})).toBe('owned');
  expect(await kindFor(it, {}, { exclusive: true })).toBe('delivered');
});

test('a promoted pair of another form is withdrawn only where the key is ours', async () => {
  const formed = (it: ReturnType<typeof left>, world: KeyContext) => ({
    ...world,
    destination: { ...world.destination, form: 'env' },
  });
  const own = left({ by: {}, as: 'intent', entry: { form: 'sdk' } });
  expect((await inspect(formed(own, own.world()), ORDER))?.situation.kind).toBe('unfinished');
  const theirs = left({ by: { folder: '/stacks/two' }, as: 'intent', entry: { form: 'sdk' } });
  expect((await inspect(formed(theirs, theirs.world()), ORDER))?.situation.kind).toBe('owned');
});

test('a key that was promoted and then withdrawn by its run is deleted by whoever comes next', async () => {
  const it = left({ by: { folder: '/stacks/two' }, as: 'intent', entry: { withdrawn: true } });
  expect(await kindFor(it, {})).toBe('unfinished');
});

test('the rotation of another stack that died is not finished over the pair that its consumers have', async () => {
  const at = left({ by: { folder: '/stacks/two' }, as: 'mark', entry: { phase: 'confirmed' } });
  const next = at.cloud.make('uploads', 'A');
  const { entry: before, revision } = at.store.readJournal();
  if (!next || before?.phase === 'intent' || !before) throw new Error('It cannot begin.');
  const { holder, bucket, at: begunAt, expiresAt } = before;
  const intent: Intent = { phase: 'intent', nonce: 'n', baseline: [], bucket, holder, begunAt, expiresAt };
  at.store.writeJournal({ ...intent, made: next.id, before }, revision);
  at.store.pending.set(next.id, { id: next.id, secret: next.secret });
  const found = await inspect(at.world(), ORDER);
  expect(found?.situation).toMatchObject({
    kind: 'owned',
    mark: { accessKeyId: at.key.id },
    beside: { bucket: 'uploads', keys: [{ id: next.id }], holder },
  });
  const refused = issueKey(ORDER, at.world());
  await expect(refused).rejects.toThrow(`already holds key ${at.key.id}`);
  await expect(refused).rejects.toThrow(`The journal beside it is about ${next.id} on bucket uploads.`);
  expect(at.cloud.alive('uploads').map(({ id }) => id)).toEqual([at.key.id, next.id]);
});

describe.each(['mark', 'intent'] as const)('A %s of another machine that follows a key in place', (as) => {
  const elsewhere = (more = {}) =>
    left({ by: { machine: 'boot 2' }, as, entry: { replaces: 'AKIAOLD', ...more } });
  const kindAfter = async (it: ReturnType<typeof left>, replaces: string, after = LEASE) => {
    it.cloud.pass(after, 0);
    return (await inspect(it.world(), { exclusive: false, replaces }))?.situation.kind;
  };

  it('is adopted by the resource of that key, once its lease is over', async () => {
    expect(await kindAfter(elsewhere(), 'AKIAOLD', 0)).toBe(as === 'intent' ? 'busy' : 'owned');
    expect(await kindAfter(elsewhere(), 'AKIAOLD')).toBe('delivered');
  });

  it('is refused to the resource of another key', async () => {
    expect(await kindAfter(elsewhere(), 'AKIAOTHER')).toBe('owned');
  });
});

test('what no more is known of than that its lease is over is taken over in other words', async () => {
  const it = left({ by: { folder: '/stacks/two' }, as: 'mark' });
  it.cloud.pass(LEASE, 0);
  const said: string[] = [];
  const world = { ...it.world(), warn: ({ happened }: Message) => said.push(happened) };
  await issueKey({ ...ORDER, exclusive: true }, world);
  expect(said).toContain(`Key ${it.key.id} of bucket uploads was taken over from a run whose lease is over`);
});

test('a rotation writes down which key it follows, and a new key follows none', async () => {
  const at = desk();
  const { key } = await issueKey(ORDER, at.deadWorld());
  expect(at.store.readJournal().entry).not.toHaveProperty('replaces');
  const world = at.world();
  world.known.sawInState(key.id);
  world.known.release(key.id, key.id);
  await issueKey({ ...ORDER, replaces: key.id }, world);
  expect(at.store.readJournal().entry).toMatchObject({ phase: 'unconfirmed', replaces: key.id });
});
