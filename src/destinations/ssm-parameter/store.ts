import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsAccess } from '../../aws/access.js';
import { problemOfKmsKey } from '../../aws/kms-key.js';
import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import { markOf } from '../../lifecycle/journal/entry.js';
import { recordIn } from '../../lifecycle/snapshot.js';
import type { Secret } from '../../secret/secret.js';
import { Refusal } from '../aws-refusal.js';
import type { Store } from '../descriptor.js';
import { wholePairIn } from '../format.js';
import { foreign, pairIn } from '../read-back.js';
import type { DeliveredPair, ReadBack } from '../read-back.js';
import type { StoreOptions } from '../shared-stores.js';
import type { ParameterArguments } from './descriptor.js';
import { journalName, ParameterJournal } from './journal.js';
import type { Parameter } from './metadata.js';
import { PendingPairs, promoteText } from './pairs.js';
import type { ParameterOptions, Pending } from './pairs.js';
import { ParameterApi } from './parameter-api.js';

export const open: Store<ParameterArguments>['open'] = (
  { name, kms_key_id: kmsKeyId, tier, format },
  { access, shared, log },
) => new SsmParameterDestination(access, { name, kmsKeyId, tier, format }, { shared, log });

/** With their pauses they last longer than metadata usually lags behind a write. */
const ATTEMPTS = 7;
const FIRST_PAUSE = 200;

/** In milliseconds: a look that is so young need not be taken again. */
const FRESH = 5000;

interface Look {
  readonly of: 'check' | 'read';
  readonly parameter: Parameter | null;
  /** By `performance.now`. */
  readonly at: number;
}

/** A SecureString of SSM Parameter Store. The pair in it is never read: its description says whose it is. */
export class SsmParameterDestination implements Destination, ReadBack {
  readonly title: string;
  readonly form: string;
  readonly reference: string;
  readonly waiting = 'name = lightsail_bucket_access_key.NAME.secret_reference';
  readonly journal: ParameterJournal;
  readonly keepsChanged = 'in its history of 100 versions, until the key is destroyed';
  readonly #api: ParameterApi;
  readonly #pending: PendingPairs;
  readonly #options: ParameterOptions;
  /** What was there when the situation was judged: only as judged may a value of others be replaced. */
  #judged: { readonly parameter: Parameter | null } | undefined;
  #lastLook: Look | undefined;
  /** What this run has staged: it needs no right to read it back, and need not wait until AWS shows it. */
  readonly #staged = new Map<string, Pending>();

  constructor(access: AwsAccess, given: ParameterOptions, around?: StoreOptions) {
    this.#api = new ParameterApi(access, given.name, around);
    const options = { ...given, name: this.#api.pairName };
    this.form = options.format;
    this.title = `SSM parameter ${options.name}`;
    this.reference = options.name;
    this.#options = options;
    this.#pending = new PendingPairs(this.#api, options);
    this.journal = new ParameterJournal(this.#api, journalName(options.name));
  }

  async check(): Promise<void> {
    await assertWritable(this.#api, this.#options, await this.#lookFor('check'));
  }

  async read(): Promise<Holding> {
    const parameter = await this.#lookFor('read');
    this.#judged = { parameter };
    return { current: parameter && { accessKeyId: parameter.accessKeyId } };
  }

  async stage(pair: KeyPair): Promise<void> {
    // What has changed since then is seen before the promotion.
    const parameter = this.#judged ? this.#judged.parameter : await this.#describe();
    if (parameter?.accessKeyId === pair.accessKeyId) return;
    if (parameter?.accessKeyId === null && !this.#judged) throw this.#changedByOthers(parameter.version);
    this.#staged.set(pair.accessKeyId, await this.#pending.write(pair, parameter?.version ?? 0));
  }

  async staged(accessKeyId: string): Promise<Secret | null> {
    const text = await this.#pending.text(accessKeyId);
    const pair = text === null ? null : wholePairIn(this.#options.format, text);
    return pair?.accessKeyId === accessKeyId ? pair.secretAccessKey : null;
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    for (let attempt = 1; !(await this.#promoteOnce(accessKeyId, attempt)); attempt++) {
      if (attempt >= ATTEMPTS) throw this.#changedByOthers();
      await sleep(FIRST_PAUSE * 2 ** (attempt - 1));
    }
    this.#forget();
    // The pair is delivered, whatever becomes of its copy: the next run takes that away.
    await this.discard(accessKeyId).catch(() => undefined);
    return { reference: this.reference, secret: null };
  }

  async readBack(): Promise<DeliveredPair | null> {
    const text = await this.#api.value(this.#options.name);
    if (text === null) return null;
    const pair = pairIn(text);
    if (pair) return pair;
    throw foreign(this.title);
  }

  async discard(accessKeyId: string): Promise<void> {
    this.#staged.delete(accessKeyId);
    await this.#pending.delete(accessKeyId);
  }

  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    await this.discard(accessKeyId);
    const parameter = await this.#describe();
    const isOurs = parameter?.accessKeyId === accessKeyId;
    this.#forget();
    if (isOurs) await this.#api.delete(this.#options.name);
    const isEmpty = isOurs || !parameter;
    const record = await recordIn(this.journal);
    const isOver = record?.entry ? markOf(record.entry, accessKeyId) !== null : isEmpty;
    if (record && isOver) await this.journal.clear(record.revision);
    return isOurs ? 'removed' : parameter ? 'not-ours' : 'absent';
  }

  /** False where it is open whether it was done: that is seen by the description, so nothing is sent without looking. */
  async #promoteOnce(accessKeyId: string, attempt: number): Promise<boolean> {
    const staged = this.#staged.get(accessKeyId);
    // Where there is to be nothing, AWS itself sees to it that nothing is overwritten.
    const parameter = attempt === 1 && staged?.follows === 0 ? null : await this.#describe();
    if (parameter?.accessKeyId === accessKeyId) return true;
    const pending = staged ?? (await this.#pending.find(accessKeyId));
    if (!pending) throw this.#notStaged(accessKeyId);
    if ((parameter?.version ?? 0) !== pending.follows) throw this.#changedByOthers(parameter?.version);
    const { text } = pending;
    try {
      return await promoteText(this.#api, this.#options, { accessKeyId, text, before: parameter });
    } catch (error) {
      if (error instanceof Refusal && error.mayPass && attempt < ATTEMPTS) return false;
      throw error;
    }
  }

  /** A check and a reading that follow one another share a look: what changes after it is seen before the promotion. */
  async #lookFor(of: Look['of']): Promise<Parameter | null> {
    const last = this.#lastLook;
    this.#lastLook = undefined;
    if (last && last.of !== of && performance.now() - last.at < FRESH) return last.parameter;
    const parameter = await this.#describe();
    this.#lastLook = { of, parameter, at: performance.now() };
    return parameter;
  }

  #forget(): void {
    this.#judged = undefined;
    this.#lastLook = undefined;
  }

  #describe(): Promise<Parameter | null> {
    return this.#api.describe(this.#options.name);
  }

  #changedByOthers(version?: number): DestinationError {
    const which = version === undefined ? '' : ` (version ${version})`;
    return new DestinationError(
      `${this.title} was changed by another writer${which} and was not overwritten.`,
      'Move that value away or delete it, or choose another name.',
    );
  }

  #notStaged(accessKeyId: string): DestinationError {
    return new DestinationError(
      `The pair of key ${accessKeyId} is not pending at ${this.title}.`,
      'Apply again: a new key is made.',
    );
  }
}

/** What can be known without a change: AWS tells whether a write is allowed, and its key may be used, by the write. */
async function assertWritable(
  api: ParameterApi,
  options: ParameterOptions,
  parameter: Parameter | null,
): Promise<void> {
  const { name, tier, kmsKeyId } = options;
  if (parameter && parameter.type !== 'SecureString') {
    throw new DestinationError(
      `SSM parameter ${name} is a ${parameter.type}, not a SecureString: its readers would have the secret in clear, and AWS never changes the type.`,
      'Delete it, or choose another name.',
    );
  }
  if (parameter?.tier === 'Advanced' && tier === 'Standard') {
    throw new DestinationError(
      `SSM parameter ${name} is of the tier Advanced, and AWS takes no way back to Standard.`,
      'Leave tier out, or choose another name.',
    );
  }
  const problem = kmsKeyId === undefined ? null : await problemOfKmsKey(api.access, kmsKeyId, 'ssm');
  if (problem) {
    throw new DestinationError(
      `SSM parameter ${name} would be encrypted with KMS key ${kmsKeyId ?? ''}, which ${problem.what}.`,
      problem.remedy,
    );
  }
}
