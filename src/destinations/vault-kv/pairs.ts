import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import { renderPair, wholePairIn } from '../format.js';
import type { Format } from '../format.js';
import { pairIn } from '../read-back.js';
import { NotPermitted } from './kv-api.js';
import type { Content, KvApi, Place } from './kv-api.js';
import { NOTHING, printClaim } from './metadata.js';
import type { Claim, SecretMetadata } from './metadata.js';

export interface Pending {
  readonly accessKeyId: string;
  /** The version of the pair's own secret that it is to replace. */
  readonly follows: number;
  readonly text: string;
}

/** As it lies there. */
interface Found extends Pending {
  /** When Vault deletes it by itself; null where it stays. */
  readonly deletedAt: string | null;
}

const ATTEMPTS = 3;

/**
 * The pair that is not promoted. A version is current as soon as it is written, so it lies in a secret of its own
 * beside the pair's; the journal sees to it that there is one at a time.
 */
export class PendingPair {
  /** The version that this run has written: a look that shows an earlier one is behind. */
  #atLeast = 0;

  constructor(
    private readonly api: KvApi,
    private readonly place: Place,
    private readonly format: Format,
  ) {}

  async #read(): Promise<Found | null> {
    const content = await this.api.dataOnce(this.place, (seen) => (seen?.version ?? 0) >= this.#atLeast);
    // It was waited for: what is there now counts.
    this.#atLeast = 0;
    const { accessKeyId, follows, text } = (content?.data ?? {}) as Partial<Pending>;
    const isWhole = accessKeyId !== undefined && typeof follows === 'number' && text !== undefined;
    return isWhole ? { accessKeyId, follows, text, deletedAt: content?.deletedAt ?? null } : null;
  }

  async find(accessKeyId: string): Promise<Found | null> {
    const pending = await this.#read();
    return pending?.accessKeyId === accessKeyId ? pending : null;
  }

  async write(pair: KeyPair, follows: number): Promise<void> {
    const { accessKeyId } = pair;
    const pending: Pending = { accessKeyId, follows, text: renderPair(this.format, pair) };
    // Nothing lies there, unless a run has died.
    for (let [attempt, version] = [1, 0]; attempt <= ATTEMPTS; attempt++) {
      const written = await this.api.write(this.place, pending, version);
      if (written.deletedAt !== null) throw vanishing(this.place, `at ${written.deletedAt}`);
      if (written.version !== null) this.#atLeast = written.version;
      if (written.version !== null || (written.isDoubtful && (await this.find(accessKeyId)))) return;
      version = (await this.api.data(this.place))?.version ?? 0;
    }
    throw new DestinationError(
      `Another run is writing ${this.place.name} in Vault.`,
      'Wait until it has ended, then apply again.',
    );
  }

  /** Null where none of that key is there as it was written. */
  async secret(accessKeyId: string): Promise<Secret | null> {
    const pending = await this.find(accessKeyId);
    const pair = pending && wholePairIn(this.format, pending.text);
    return pair?.accessKeyId === accessKeyId ? pair.secretAccessKey : null;
  }

  async delete(accessKeyId: string): Promise<void> {
    if (!(await this.find(accessKeyId))) return;
    await this.api.delete(this.place);
  }
}

/**
 * Whose the versions of a secret are. Before a pair is written, its version is claimed in the custom metadata, and
 * confirmed there once Vault has answered the write. A claim without a confirmation may have gone to another writer:
 * only the content of the version tells.
 */
export class Claims {
  /** What this run knows of its own claims. */
  readonly #outcomes = new Map<string, 'won' | 'lost'>();

  constructor(
    private readonly api: KvApi,
    private readonly place: Place,
    private readonly pending: PendingPair,
  ) {}

  /** Answers the metadata with the claim in it, as Vault has kept it. */
  async make(accessKeyId: string, before: SecretMetadata | null): Promise<SecretMetadata> {
    const claiming = (before ?? NOTHING).withClaim(accessKeyId);
    await this.write(claiming);
    const isKept = (seen: SecretMetadata | null): seen is SecretMetadata =>
      seen?.claim?.accessKeyId === accessKeyId && seen.claim.version === claiming.claim?.version;
    const after = await this.api.metadataOnce(this.place, isKept);
    if (isKept(after)) return after;
    throw new DestinationError(
      `${this.place.name} in Vault does not keep custom metadata, which tells whose pair it is.`,
      'Vault keeps it from version 1.9 on, and OpenBao always.',
    );
  }

  /** Vault has told what became of a claim. */
  note(claim: Claim | null, outcome: 'won' | 'lost'): void {
    if (claim) this.#outcomes.set(printClaim(claim), outcome);
  }

  /** The metadata with the claim on the latest version confirmed or dropped. Throws where that cannot be known. */
  async settle(metadata: SecretMetadata): Promise<SecretMetadata> {
    const claim = metadata.openClaim;
    if (!claim) return metadata;
    return (await this.#isWon(claim)) ? metadata.confirmed() : metadata.withoutClaim();
  }

  async write({ custom }: SecretMetadata): Promise<void> {
    await this.api.writeCustomMetadata(this.place, custom);
  }

  async #isWon(claim: Claim): Promise<boolean> {
    const outcome = this.#outcomes.get(printClaim(claim));
    if (outcome) return outcome === 'won';
    const { version, data } = await this.#content(claim);
    if (version !== claim.version || !data) return false;
    const text = pairText(data);
    const copy = await this.pending.find(claim.accessKeyId);
    return copy ? copy.text === text : pairIn(text)?.accessKeyId === claim.accessKeyId;
  }

  async #content(claim: Claim): Promise<Content> {
    const content = await this.api.data(this.place).catch((error: unknown) => {
      if (error instanceof NotPermitted) return null;
      throw error;
    });
    // A standby may not know that version yet.
    if (content && content.version >= claim.version) return content;
    throw this.#undecided(claim);
  }

  #undecided({ version, accessKeyId }: Claim): DestinationError {
    const { name, data, pending } = this.place;
    return new DestinationError(
      `Cannot verify who wrote version ${version} of ${name} in Vault: it may be the pair of key ${accessKeyId}. The run that wrote that pair got no answer from Vault, and this run may not read it. Nothing there was changed, and the pair is kept at ${pending.name}.`,
      `Let the token read it for the next apply: path "${data}" { capabilities = ["create", "read", "update"] }.`,
    );
  }
}

/** The format `sdk` as keys of the secret, so that each can be read by itself; every other one as the key `value`. */
export function pairData(format: Format, text: string): object {
  return format === 'sdk' ? (JSON.parse(text) as object) : { value: text };
}

/** The text again, whichever way round: Vault sorts the keys. */
export function pairText(data: Readonly<Record<string, unknown>>): string {
  if (typeof data.value === 'string') return data.value;
  const { accessKeyId, secretAccessKey, bucketName, region, createdAt } = data;
  return `${JSON.stringify({ accessKeyId, secretAccessKey, bucketName, region, createdAt }, null, 2)}\n`;
}

/** A pair that Vault deletes by itself is none that consumers can rely on. */
export function vanishing({ name, mount }: Place, when: string): DestinationError {
  return new DestinationError(
    `Vault would delete the pair at ${name} by itself ${when}: its mount or path has delete_version_after set.`,
    `Choose a mount and a path without it, or have it set to 0s. "vault read ${mount}/config" and "vault kv metadata get" show it.`,
  );
}
