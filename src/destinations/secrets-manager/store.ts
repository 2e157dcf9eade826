import type { AwsAccess } from '../../aws/access.js';
import { problemOfKmsKey } from '../../aws/kms-key.js';
import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import { markOf } from '../../lifecycle/journal/entry.js';
import { recordIn } from '../../lifecycle/snapshot.js';
import type { Secret } from '../../secret/secret.js';
import { isRefusal } from '../aws-refusal.js';
import type { Store } from '../descriptor.js';
import { renderPair } from '../format.js';
import type { Format } from '../format.js';
import { foreign, pairIn } from '../read-back.js';
import type { DeliveredPair, ReadBack } from '../read-back.js';
import type { StoreOptions } from '../shared-stores.js';
import { CURRENT, PENDING, PREVIOUS } from './descriptor.js';
import type { SecretArguments } from './descriptor.js';
import { openSecret, SecretsManagerJournal } from './journal.js';
import { EMPTY_VERSION, isEmpty, keyOfVersion, pairVersion } from './metadata.js';
import type { Description } from './metadata.js';
import { noSuchSecret, scheduledForDeletion, SecretApi } from './secret-api.js';

export const open: Store<SecretArguments>['open'] = (
  { secret_id: secretId, format },
  { access, shared, log },
) => new SecretsManagerDestination(access, { secretId, format }, { shared, log });

/**
 * A secret of AWS Secrets Manager, by name or ARN. Each pair is a version of its own whose ID names the key, so all
 * that is to be known stands in the metadata: nothing here reads a pair, and the role that runs it needs no right to.
 */
export class SecretsManagerDestination implements Destination, ReadBack {
  readonly title: string;
  readonly form: string;
  readonly journal: SecretsManagerJournal;
  readonly waiting = 'secret_id = lightsail_bucket_access_key.NAME.secret_reference';
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
    options?: StoreOptions,
  ) {
    this.form = format;
    this.title = `Secrets Manager secret ${secretId}`;
    this.#api = new SecretApi(access, secretId, options);
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
    return secret?.holding() ?? { current: null };
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

  readBack(): Promise<DeliveredPair | null> {
    return readCurrent(this.#api, this.title);
  }

  /** The role that writes a pair may not read it. */
  staged(): Promise<Secret | null> {
    return Promise.resolve(null);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    const version = this.#versionOf(accessKeyId);
    // AWS may show the metadata of a moment ago; what another writer has changed stays so.
    const secret = await this.#api.patience.lookAgain(async () => {
      const described = await this.#described();
      return (await this.#makeCurrent(described, version)) ? described : null;
    });
    if (!secret) throw this.#changed(accessKeyId);
    this.#judged = version;
    this.#reference = `${secret.arn}:::${version}`;
    // A plan that follows at once must not miss it.
    await this.#api.shows(CURRENT, version).catch(() => false);
    return { reference: this.#reference, secret: null };
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

  /** False when another writer was faster to replace the pair. */
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
    // The pair is with its consumers: a label that stays behind does no harm, and the next pair takes it.
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
      `The ID ${accessKeyId} of this key cannot be the ID of a secret's version.`,
      'Please report this: AWS gives access keys IDs of 20 letters and digits.',
    );
  }

  #changed(accessKeyId: string): DestinationError {
    return new DestinationError(
      `Secret ${this.#api.secretId} was changed by another writer while the pair of key ${accessKeyId} was on its way there.`,
      `What is current there was left alone. See in CloudTrail who moves its staging labels, then apply again.`,
    );
  }
}

/** Null when no pair of ours is current. */
function referenceOf(secret: Description): string | null {
  const version = secret.versionWith(CURRENT);
  return secret.keyWith(CURRENT) === null ? null : `${secret.arn}:::${version ?? ''}`;
}

/**
 * What can be known without a change. That the KMS key does not permit this run to use it shows when the journal is
 * read, which a plan does wherever there is one; a secret without any version tells it by the first write, which is
 * before any key is made.
 */
async function assertWritable(api: SecretApi): Promise<void> {
  const { secretId } = api;
  const region = await api.region();
  const secret = await api.describe();
  if (!secret) throw new DestinationError(...noSuchSecret({ secretId, region }));
  if (secret.isScheduledForDeletion) {
    throw new DestinationError(...scheduledForDeletion({ secretId, region }));
  }
  if (secret.primaryRegion !== null && secret.primaryRegion !== region) {
    throw new DestinationError(
      `Secret ${secretId} in ${region} is a replica, which cannot be written; its primary is in ${secret.primaryRegion}.`,
      'Choose the primary, or promote the replica to a secret of its own.',
    );
  }
  if (secret.owner !== null) {
    throw new DestinationError(
      `Secret ${secretId} is managed by the service ${secret.owner}.`,
      'Choose a secret of your own.',
    );
  }
  if (secret.isRotatedByLambda) {
    throw new DestinationError(
      `Secret ${secretId} is rotated by a Lambda function, which would put other values in the pair's place.`,
      `Turn that off (aws secretsmanager cancel-rotate-secret --region ${region} --secret-id ${secretId}): the rotation of the key is this provider's. Or choose another secret.`,
    );
  }
  const problem =
    secret.kmsKeyId === null ? null : await problemOfKmsKey(api.access, secret.kmsKeyId, 'secretsmanager');
  if (problem) {
    throw new DestinationError(
      `Secret ${secretId} in ${region} is encrypted with KMS key ${secret.kmsKeyId ?? ''}, which ${problem.what}.`,
      problem.remedy,
    );
  }
}

/** The current value of a secret; null where it has none. */
async function readCurrent(api: SecretApi, title: string): Promise<DeliveredPair | null> {
  const found = await currentOf(api, title);
  if (found === null || found.versionId === EMPTY_VERSION) return null;
  const pair = pairIn(found.text);
  const owner = keyOfVersion(found.versionId);
  if (owner !== null && pair?.accessKeyId === owner) return pair;
  throw foreign(title);
}

/** Null for a secret that has no value: AWS says the same of one that does not exist. */
async function currentOf(
  api: SecretApi,
  title: string,
): Promise<{ readonly versionId: string; readonly text: string } | null> {
  try {
    return await api.read(CURRENT);
  } catch (error) {
    if (!isRefusal(error, 'ResourceNotFoundException')) throw error;
    const secret = await api.describe().catch(() => undefined);
    if (secret) return null;
    throw secret === null ? error : missingOrEmpty(title);
  }
}

/** Whoever may read secrets need not be allowed to describe them. */
function missingOrEmpty(title: string): DestinationError {
  return new DestinationError(
    `${title} does not exist, or has no value yet.`,
    'Make the secret, and apply the key whose destination it is. With the right to secretsmanager:DescribeSecret this message says which of the two.',
  );
}
