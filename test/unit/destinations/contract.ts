import type { KeyPair } from '../../../src/lifecycle/access-key.js';
import type { Destination } from '../../../src/lifecycle/destination.js';
import type { JournalEntry } from '../../../src/lifecycle/journal/entry.js';
import { Secret } from '../../../src/secret/secret.js';

/** One place, and what a test may do to it from outside. */
export interface Place {
  /** As another process would see the place: nothing is shared with what was opened before. */
  open(): Destination;
  /** The secret that a consumer finds now; null when there is none. */
  consumed(): Promise<string | null>;
  /** Something there that is not a pair of ours. */
  putForeign(): Promise<void>;
  /** The place itself goes, with everything in it. */
  vanish(): Promise<void>;
  cleanUp(): Promise<void>;
}

let made = 0;

export function newPair(): KeyPair {
  made += 1;
  const number = String(made).padStart(6, '0');
  return {
    bucket: 'uploads',
    region: 'eu-central-1',
    accessKeyId: `AKIACONTRACT${number}AA`,
    secretAccessKey: new Secret(`secret/of+the=pair/${number}/0123456789012`),
    createdAt: new Date('2026-01-31T10:00:00Z'),
  };
}

export function entryFor(pair: KeyPair): JournalEntry {
  const holder = { machine: 'm', pid: made, started: `${made}`, host: 'h', folder: '/f', workspace: 'w' };
  const { bucket, accessKeyId } = pair;
  const at = `2026-01-31T10:00:00.${made}Z`;
  return { phase: 'unconfirmed', bucket, accessKeyId, holder, at, expiresAt: at };
}

/** What every destination whose content outlives the process promises. */
export function keepsTheContract(
  title: string,
  newPlace: () => Promise<Place>,
  /** False where nothing but the pair itself could go. */
  { canVanish = true }: { readonly canVanish?: boolean } = {},
): void {
  describe(`${title} keeps the contract of destinations`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await newPlace();
    });
    afterEach(() => place.cleanUp());

    async function deliver(pair: KeyPair): Promise<void> {
      await place.open().stage(pair);
      await place.open().promote(pair.accessKeyId);
    }
    const journalOf = () => {
      const { journal } = place.open();
      if (!journal) throw new Error('This destination has no journal.');
      return journal;
    };

    it('is empty at first, and checking it changes nothing', async () => {
      await place.open().check();
      expect(await place.open().read()).toEqual({ current: null });
      expect(await journalOf().read()).toMatchObject({ entry: null });
    });

    it('shows a pair to consumers when it is promoted, not before, and another after it', async () => {
      for (const pair of [newPair(), newPair()]) {
        const before = await place.consumed();
        await place.open().stage(pair);
        expect(await place.consumed()).toBe(before);
        await place.open().promote(pair.accessKeyId);
        expect(await place.consumed()).toBe(pair.secretAccessKey.reveal());
        expect(await place.open().read()).toEqual({ current: { accessKeyId: pair.accessKeyId } });
      }
    });

    it('does each step again without harm, in another process too', async () => {
      const pair = newPair();
      for (let time = 0; time < 2; time++) await place.open().stage(pair);
      const first = await place.open().promote(pair.accessKeyId);
      expect(await place.open().promote(pair.accessKeyId)).toEqual(first);
      await place.open().discard(pair.accessKeyId);
      expect(await place.consumed()).toBe(pair.secretAccessKey.reveal());
      expect(await place.open().remove(pair.accessKeyId)).toBe('removed');
      expect(await place.open().remove(pair.accessKeyId)).toBe('absent');
      expect(await place.consumed()).toBeNull();
    });

    it('gives a pending pair back, or takes it away, whoever wrote it', async () => {
      const old = newPair();
      await deliver(old);
      const pair = newPair();
      await place.open().stage(pair);
      expect((await place.open().staged(pair.accessKeyId))?.reveal()).toBe(pair.secretAccessKey.reveal());
      await place.open().discard(pair.accessKeyId);
      expect(await place.open().staged(pair.accessKeyId)).toBeNull();
      expect(await place.open().read()).toEqual({ current: { accessKeyId: old.accessKeyId } });
      await expect(place.open().promote(pair.accessKeyId)).rejects.toThrow();
      expect(await place.consumed()).toBe(old.secretAccessKey.reveal());
    });

    it('removes only the pair it is told of', async () => {
      const [old, pair] = [newPair(), newPair()];
      await deliver(old);
      await deliver(pair);
      expect(await place.open().remove(old.accessKeyId)).toBe('not-ours');
      expect(await place.consumed()).toBe(pair.secretAccessKey.reveal());
    });

    it('tells what is not ours from a pair, and leaves it alone', async () => {
      await place.putForeign();
      expect((await place.open().read()).current).toEqual({ accessKeyId: null });
      expect(await place.open().remove(newPair().accessKeyId)).toBe('not-ours');
      expect((await place.open().read()).current).toEqual({ accessKeyId: null });
    });

    it('does not replace what somebody put there after this run had looked', async () => {
      for (const before of [null, newPair()]) {
        if (before) await deliver(before);
        const run = place.open();
        await run.read();
        const pair = newPair();
        await run.stage(pair);
        await place.putForeign();
        await expect(run.promote(pair.accessKeyId)).rejects.toThrow('by another writer');
        expect((await place.open().read()).current).toEqual({ accessKeyId: null });
        await place.cleanUp();
        place = await newPlace();
      }
    });

    if (canVanish) {
      it('refuses a new pair where the place is gone, but destroying there is done', async () => {
        const pair = newPair();
        await deliver(pair);
        await place.vanish();
        await expect(place.open().check()).rejects.toHaveProperty('remedy');
        await expect(place.open().stage(newPair())).rejects.toHaveProperty('remedy');
        await expect(journalOf().write(entryFor(pair), '0')).rejects.toHaveProperty('remedy');
        expect(await place.open().remove(pair.accessKeyId)).toBe('absent');
      });
    }

    it('keeps a journal apart from the pair, and removes it with its own pair only', async () => {
      const pair = newPair();
      await deliver(pair);
      const entry = entryFor(pair);
      await journalOf().write(entry, '0');
      expect(await place.open().read()).toEqual({ current: { accessKeyId: pair.accessKeyId } });
      await place.open().remove(newPair().accessKeyId);
      expect((await journalOf().read()).entry).toEqual(entry);
      await place.open().remove(pair.accessKeyId);
      expect((await journalOf().read()).entry).toBeNull();
    });

    it('lets one of many writers of the journal win, from nothing, over an entry and to nothing', async () => {
      let revision = '0';
      for (let round = 0; round < 12; round++) {
        const emptied = round % 4 === 3;
        const entries = Array.from({ length: 10 }, () => (emptied ? null : entryFor(newPair())));
        const answers = await Promise.all(entries.map((entry) => journalOf().write(entry, revision)));
        const winners = entries.filter((_, index) => answers[index] !== null);
        expect(winners).toHaveLength(1);
        const reading = await journalOf().read();
        expect(reading.entry).toEqual(winners[0]);
        expect(answers.filter((answer) => answer !== null)).toEqual([reading]);
        revision = reading.revision;
      }
    });

    it('does not take a journal for the one that was read when it was emptied and begun again', async () => {
      await journalOf().write(entryFor(newPair()), '0');
      const stale = await journalOf().read();
      await journalOf().write(null, stale.revision);
      const entry = entryFor(newPair());
      await journalOf().write(entry, '0');
      expect(await journalOf().write(entryFor(newPair()), stale.revision)).toBeNull();
      expect((await journalOf().read()).entry).toEqual(entry);
    });
  });
}
