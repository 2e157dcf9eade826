import { AgeSealer, sealedKeyId } from '../../../src/destinations/age/sealer.js';
import { decryptWith, IDENTITY, RECIPIENT } from '../destinations/identity.js';
import { FaultLane } from '../fault-lane.js';
import {
  type Depot,
  digestOf,
  type Imprint,
  type OthersValue,
  type Pair,
  pairIn,
  type Restore,
  type Watch,
} from './depot.js';
import { type Case, FIRST_FILE, SECOND_FILE } from './scenarios.js';
import type { Workshop } from './workshop.js';

/** Where a provider with `TOLD_FILE_STEPS` (mutations.ts) tells of what it does to files. */
export function openFileSteps(): Promise<FaultLane> {
  const nameOf = (body: string) =>
    body
      .replace(/ .*\//, ' ')
      .replace(/AKIA\w+/, 'KEY')
      .replace(/draft-.*/, 'draft');
  return FaultLane.open(
    () => Promise.resolve({ status: 200, body: '' }),
    ({ body }) => nameOf(body),
  );
}

/** Files in a workshop's `out` folder, and the state, for which nothing lies anywhere else. */
export class FileDepot implements Depot {
  constructor(
    private readonly workshop: Workshop,
    /** What is done to files, where the provider tells of it. */
    private readonly steps: FaultLane | null = null,
  ) {}

  onCall(watch: Watch): () => void {
    if (!this.steps) return () => undefined;
    const calls = new WeakMap<object, { operation: string }>();
    return this.steps.onCall((moment, lane) => {
      const call = calls.get(lane) ?? { operation: lane.name };
      calls.set(lane, call);
      return watch(moment, call);
    });
  }

  /** The workshop empties the folder for each stack. */
  renew(): Promise<string> {
    return Promise.resolve(`out/${FIRST_FILE}`);
  }

  /** The route that is tested is the one that a key is being made for. */
  secretOf({ scenario, route }: Case, moment: 'before' | 'after'): string {
    const moves = scenario === 'change of route';
    if (moves && moment === 'before') return `file { path = "out/${FIRST_FILE}" }`;
    if (route === 'terraform_output') return 'terraform_output {}';
    const recipients = route === 'file, sealed' ? `\nage_recipients = ["${RECIPIENT}"]` : '';
    return `file {\npath = "out/${moves ? SECOND_FILE : FIRST_FILE}"${recipients}\n}`;
  }

  current(): Promise<Pair | null> {
    return this.#pairAt(FIRST_FILE);
  }

  async delivered(attributes: Readonly<Record<string, unknown>>): Promise<Pair | null> {
    const { access_key_id: id, secret_access_key: secret, secret_reference: reference } = attributes;
    if (typeof id === 'string' && typeof secret === 'string') {
      return { accessKeyId: id, secretAccessKey: secret };
    }
    const name = [FIRST_FILE, SECOND_FILE].find((file) => `/${String(reference)}`.endsWith(`/out/${file}`));
    const pair = name === undefined ? null : await this.#pairAt(name);
    return pair?.accessKeyId === id ? pair : null;
  }

  async leftovers() {
    const names = await this.workshop.outputs();
    return {
      pending: names.filter((name) => name.includes('.lightsail-pending-')),
      drafts: names.filter((name) => name.includes('-journal-draft-')),
    };
  }

  async imprint(): Promise<Imprint> {
    const texts = new Map<string, string>();
    for (const name of await this.workshop.outputs()) {
      texts.set(name, (await this.workshop.output(name)) ?? '');
    }
    return async (change) => {
      const made = new Map<string, string>();
      for (const [name, text] of texts) made.set(name, await changed(text, change));
      // The mark of a sealed pair has the digest of its whole text.
      const retold = (text: string) =>
        [...texts].reduce(
          (sum, [name, old]) => sum.replaceAll(digestOf(old), digestOf(made.get(name) ?? '')),
          text,
        );
      for (const [name, text] of made) await this.workshop.put(name, retold(text));
    };
  }

  keep(): Promise<Restore> {
    return Promise.resolve(() => Promise.resolve((text) => text));
  }

  async intrude(): Promise<OthersValue> {
    const theirs = 'theirs';
    await this.workshop.put(FIRST_FILE, theirs);
    const isTheirs = async (name: string) => (await this.workshop.output(name)) === theirs;
    return {
      isCurrent: () => isTheirs(FIRST_FILE),
      isKept: async () => {
        const kept = (await this.workshop.outputs()).filter((name) => name.includes('.lightsail-kept-'));
        return (await Promise.all(kept.map(isTheirs))).includes(true);
      },
    };
  }

  async #pairAt(name: string): Promise<Pair | null> {
    const text = await this.workshop.output(name);
    return pairIn(text !== null && sealedKeyId(text) ? await decryptWith(IDENTITY, text) : text);
  }
}

/** What is sealed is opened for that, and sealed again. */
async function changed(text: string, change: (text: string) => string): Promise<string> {
  const sealedFor = sealedKeyId(text);
  if (sealedFor === null) return change(text);
  return new AgeSealer([RECIPIENT]).seal(change(await decryptWith(IDENTITY, text)), change(sealedFor));
}
