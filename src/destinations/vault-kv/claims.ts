import { DestinationError } from '../../lifecycle/destination.js';
import { pairIn } from '../pair-reader.js';
import type { Content, KvApi } from './kv-api.js';
import { pairText } from './pair-data.js';
import type { PendingPair } from './pending-pair.js';
import type { Place } from './place.js';
import { NotPermitted } from './refusal.js';
import { NOTHING } from './secret-metadata.js';
import type { SecretMetadata } from './secret-metadata.js';
import { printClaim } from './version-keys.js';
import type { Claim } from './version-keys.js';

/**
 * Whose the versions of a secret are. Before a pair is written, its version is claimed in the custom metadata, and
 * confirmed there once Vault has answered the write. A claim that nobody confirmed may have gone to another writer:
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

  /** The metadata with the claim on the latest version confirmed or dropped. Throws where nobody can tell. */
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
      `Whether version ${version} of ${name} in Vault is the pair of key ${accessKeyId} or somebody else's value cannot be told: the run that was to write it never had Vault's answer, and this one cannot read it. Nothing there was changed, and the pair is kept at ${pending.name}.`,
      `Let the token read it for the next apply: path "${data}" { capabilities = ["create", "read", "update"] }.`,
    );
  }
}
