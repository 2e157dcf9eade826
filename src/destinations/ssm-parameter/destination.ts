import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsAccess } from '../../aws/access.js';
import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import { markOf } from '../../lifecycle/journal/entry.js';
import { recordIn } from '../../lifecycle/snapshot.js';
import type { Secret } from '../../secret/secret.js';
import { wholePairIn } from '../format.js';
import type { Patience } from '../patience.js';
import { assertWritable } from './check.js';
import { ParameterJournal } from './journal.js';
import { journalName } from './name.js';
import type { ParameterOptions } from './pair-request.js';
import { ParameterApi } from './parameter-api.js';
import type { Parameter } from './parameter-api.js';
import { PendingPairs } from './pending-pair.js';
import type { Pending } from './pending-pair.js';
import { promoteText } from './promotion.js';
import { Refusal } from './refusal.js';

/** With their pauses they last longer than metadata usually lags behind a write. */
const ATTEMPTS = 7;
const FIRST_PAUSE = 200;

/** A SecureString of SSM Parameter Store. The pair in it is never read: its description says whose it is. */
export class SsmParameterDestination implements Destination {
  readonly title: string;
  readonly form: string;
  readonly reference: string;
  readonly journal: ParameterJournal;
  readonly keepsChanged = 'in its history, which goes back 100 versions, until the key is destroyed';
  readonly #api: ParameterApi;
  readonly #pending: PendingPairs;
  readonly #options: ParameterOptions;
  /** The version that was there when the situation was judged: only as judged may a value of others be replaced. */
  #judged: number | undefined;
  /** What this run has staged: it needs no right to read it back, and need not wait until AWS shows it. */
  readonly #staged = new Map<string, Pending>();

  constructor(access: AwsAccess, given: ParameterOptions, patience?: Patience) {
    this.#api = new ParameterApi(access, given.name, patience);
    const options = { ...given, name: this.#api.pairName };
    this.form = options.format;
    this.title = `SSM parameter ${options.name}`;
    this.reference = options.name;
    this.#options = options;
    this.#pending = new PendingPairs(this.#api, options);
    this.journal = new ParameterJournal(this.#api, journalName(options.name));
  }

  check(): Promise<void> {
    return assertWritable(this.#api, this.#options);
  }

  async read(): Promise<Holding> {
    const parameter = await this.#describe();
    const pending = await this.#pending.ids();
    this.#judged = parameter?.version ?? 0;
    return {
      current: parameter && { accessKeyId: parameter.accessKeyId },
      pending: pending.filter((id) => id !== parameter?.accessKeyId),
    };
  }

  async stage(pair: KeyPair): Promise<void> {
    const parameter = await this.#describe();
    if (parameter?.accessKeyId === pair.accessKeyId) return;
    if (parameter?.accessKeyId === null && parameter.version !== this.#judged)
      throw this.#changedByOthers(parameter.version);
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
    // The pair is delivered, whatever becomes of its copy: the next run takes that away.
    await this.discard(accessKeyId).catch(() => undefined);
    return { reference: this.reference, secret: null };
  }

  async discard(accessKeyId: string): Promise<void> {
    this.#staged.delete(accessKeyId);
    await this.#pending.delete(accessKeyId);
  }

  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    await this.discard(accessKeyId);
    const parameter = await this.#describe();
    const isOurs = parameter?.accessKeyId === accessKeyId;
    if (isOurs) await this.#api.delete(this.#options.name);
    const isEmpty = isOurs || !parameter;
    const record = await recordIn(this.journal);
    const isOver = record?.entry ? markOf(record.entry, accessKeyId) !== null : isEmpty;
    if (record && isOver) await this.journal.clear(record.revision);
    return isOurs ? 'removed' : parameter ? 'not-ours' : 'absent';
  }

  /** False where it is open whether it was done: that is seen by the description, so nothing is sent without looking. */
  async #promoteOnce(accessKeyId: string, attempt: number): Promise<boolean> {
    const parameter = await this.#describe();
    if (parameter?.accessKeyId === accessKeyId) return true;
    const pending = this.#staged.get(accessKeyId) ?? (await this.#pending.find(accessKeyId));
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

  #describe(): Promise<Parameter | null> {
    return this.#api.describe(this.#options.name);
  }

  #changedByOthers(version?: number): DestinationError {
    const which = version === undefined ? '' : ` (version ${version})`;
    return new DestinationError(
      `${this.title} was changed by somebody else${which} and was not overwritten.`,
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
