import { setTimeout } from 'node:timers/promises';
import type { AwsAccess } from '../../aws/access.js';
import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import { markOf } from '../../lifecycle/journal/entry.js';
import { recordIn } from '../../lifecycle/snapshot.js';
import type { Secret } from '../../secret/secret.js';
import { renderPair } from '../format.js';
import type { Format } from '../format.js';
import type { Patience } from '../patience.js';
import { assertWritable } from './check.js';
import { isEmpty } from './description.js';
import type { Description } from './description.js';
import { openSecret, SecretsManagerJournal } from './journal.js';
import { noSuchSecret } from './refusal.js';
import { SecretApi } from './secret-api.js';
import { CURRENT, EMPTY_VERSION, PENDING, pairVersion, PREVIOUS } from './version-ids.js';

const LOOKS = 3;
const PAUSE = 300;

/**
 * A secret of AWS Secrets Manager, by name or ARN. Each pair is a version of its own whose ID names the key, so all
 * that is to be known stands in the metadata: nothing here reads a pair, and the role that runs it needs no right to.
 */
export class SecretsManagerDestination implements Destination {
  readonly title: string;
  readonly form: string;
  readonly journal: SecretsManagerJournal;
  /** What is replaced stays as an earlier version, so a value that is not ours may be. */
  readonly keepsVersions = true;
  readonly keepsChanged = 'as the version before';
  readonly #api: SecretApi;
  readonly #format: Format;
  /** The current version when the situation was judged: only that one is replaced. */
  #judged: string | null | undefined;
  #reference: string | null = null;

  constructor(
    access: AwsAccess,
    { secretId, format }: { secretId: string; format: Format },
    patience?: Patience,
  ) {
    this.form = format;
    this.title = `Secrets Manager secret ${secretId}`;
    this.#api = new SecretApi(access, secretId, patience);
    this.#format = format;
    this.journal = new SecretsManagerJournal(this.#api);
  }

  /**
   * `ARN:::VERSION`, as ECS task definitions take it (`ARN:json-key:version-stage:version-id`): the reference changes
   * with the pair, and so does whatever holds it. Null until a pair of ours was seen.
   */
  get reference(): string | null {
    return this.#reference;
  }

  check(): Promise<void> {
    return assertWritable(this.#api);
  }

  async read(): Promise<Holding> {
    const secret = await this.#api.describe();
    this.#judged = secret?.versionWith(CURRENT) ?? null;
    this.#reference = secret && referenceOf(secret);
    return secret?.holding() ?? { current: null, pending: [] };
  }

  async stage(pair: KeyPair): Promise<void> {
    const version = this.#versionOf(pair.accessKeyId);
    const secret = await this.#described();
    if (secret.versionWith(CURRENT) === null) await openSecret(this.#api);
    const labels = await this.#api.put(version, renderPair(this.#format, pair), PENDING);
    if (labels.includes(PENDING) || labels.includes(CURRENT)) return;
    // The pair had been staged and discarded before.
    const isDone = await this.#api.move(PENDING, secret.versionWith(PENDING), version);
    if (!isDone) throw this.#changed(pair.accessKeyId);
  }

  /** The role that writes a pair may not read it. */
  staged(): Promise<Secret | null> {
    return Promise.resolve(null);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    const version = this.#versionOf(accessKeyId);
    for (let look = 1; ; look++) {
      const secret = await this.#described();
      if (await this.#makeCurrent(secret, version)) {
        this.#judged = version;
        this.#reference = `${secret.arn}:::${version}`;
        return { reference: this.#reference, secret: null };
      }
      // AWS may show the metadata of a moment ago; what somebody else has changed stays so.
      if (look === LOOKS) throw this.#changed(accessKeyId);
      await setTimeout(PAUSE);
    }
  }

  async discard(accessKeyId: string): Promise<void> {
    const secret = await this.#api.describe();
    if (secret?.keyWith(PENDING) === accessKeyId) await this.#takeAway(PENDING, this.#versionOf(accessKeyId));
  }

  /** AWSCURRENT has to be somewhere, so it goes to the empty version; a pair without a label is out of use. */
  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    const secret = await this.#api.describe();
    if (!secret || secret.isScheduledForDeletion) return 'absent';
    const version = this.#versionOf(accessKeyId);
    const isOurs = secret.versionWith(CURRENT) === version && (await this.#replaceByEmpty(version));
    const left = isOurs ? await this.#described() : secret;
    const record = await recordIn(this.journal);
    if (record && markOf(record.entry, accessKeyId)) await this.journal.write(null, record.revision);
    for (const label of [PENDING, PREVIOUS]) {
      if (left.versionWith(label) === version) await this.#takeAway(label, version);
    }
    return isOurs ? 'removed' : isEmpty(left.versionWith(CURRENT)) ? 'absent' : 'not-ours';
  }

  async #described(): Promise<Description> {
    const secret = await this.#api.describe();
    if (secret) return secret;
    const { secretId } = this.#api;
    throw new DestinationError(...noSuchSecret({ secretId, region: await this.#api.region() }));
  }

  /** False when somebody else was faster to replace the pair. */
  async #replaceByEmpty(version: string): Promise<boolean> {
    await openSecret(this.#api);
    const isDone = await this.#api.move(CURRENT, version, EMPTY_VERSION);
    this.#judged = undefined;
    this.#reference = null;
    return isDone;
  }

  /** False where the version is not pending, or another one is current than the one that was judged. */
  async #makeCurrent(secret: Description, version: string): Promise<boolean> {
    const current = secret.versionWith(CURRENT);
    const isPending = secret.versionWith(PENDING) === version;
    if (current !== version) {
      const isReady = isPending && this.#isAsJudged(current);
      if (!isReady || !(await this.#api.move(CURRENT, current, version))) return false;
    }
    // The pair is with its consumers: a label that stays behind harms nobody, and the next pair takes it.
    if (isPending) await this.#takeAway(PENDING, version).catch(() => undefined);
    return true;
  }

  async #takeAway(label: string, version: string): Promise<void> {
    await this.#api.move(label, version, null);
  }

  #isAsJudged(current: string | null): boolean {
    if (this.#judged === undefined || this.#judged === current) return true;
    return isEmpty(this.#judged) && isEmpty(current);
  }

  #versionOf(accessKeyId: string): string {
    const version = pairVersion(accessKeyId);
    if (version !== null) return version;
    throw new DestinationError(
      `No version of a secret can be named after key ${accessKeyId}.`,
      'Please report this: AWS gives access keys IDs of 20 letters and digits.',
    );
  }

  #changed(accessKeyId: string): DestinationError {
    return new DestinationError(
      `Secret ${this.#api.secretId} was changed by somebody else while the pair of key ${accessKeyId} was on its way there.`,
      `What is current there was left alone. See in CloudTrail who moves its staging labels, then apply again.`,
    );
  }
}

/** Null when no pair of ours is current. */
function referenceOf(secret: Description): string | null {
  const version = secret.versionWith(CURRENT);
  return secret.keyWith(CURRENT) === null ? null : `${secret.arn}:::${version ?? ''}`;
}
