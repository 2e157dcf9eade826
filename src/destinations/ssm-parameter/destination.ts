import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsAccess } from '../../aws/access.js';
import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import type { Format } from '../format.js';
import { assertWritable } from './check.js';
import { ParameterJournal } from './journal.js';
import { journalName } from './name.js';
import { pairRequest } from './pair-request.js';
import type { ParameterOptions } from './pair-request.js';
import { ParameterApi } from './parameter-api.js';
import type { Parameter } from './parameter-api.js';
import { Refusal } from './refusal.js';

const ATTEMPTS = 5;
const FIRST_PAUSE = 200;
/** How long metadata may lag behind a write. */
const SHOWN_WITHIN = 10_000;

interface Staged {
  readonly pair: KeyPair;
  /** The parameter's version at that time: only this one is replaced. */
  readonly version: number;
}

/**
 * A SecureString of SSM Parameter Store. What PutParameter takes is current at once, so a pair that is not promoted
 * stays in this process: a second parameter would show it to everybody who reads the hierarchy. A run that dies in
 * between leaves a key that the journal names, and the next run deletes it.
 */
export class SsmParameterDestination implements Destination {
  readonly title: string;
  readonly reference: string;
  readonly journal: ParameterJournal;
  readonly #api: ParameterApi;
  readonly #options: ParameterOptions;
  readonly #staged = new Map<string, Staged>();

  constructor(access: AwsAccess, options: ParameterOptions & { readonly format: Format }) {
    this.title = `SSM parameter ${options.name}`;
    this.reference = options.name;
    this.#options = options;
    this.#api = new ParameterApi(access, options.name);
    this.journal = new ParameterJournal(this.#api, journalName(options.name));
  }

  check(): Promise<void> {
    return assertWritable(this.#api, this.#options);
  }

  async read(): Promise<Holding> {
    const parameter = await this.#describe();
    return {
      current: parameter && { accessKeyId: parameter.accessKeyId },
      pending: [...this.#staged.keys()].filter((id) => id !== parameter?.accessKeyId),
    };
  }

  async stage(pair: KeyPair): Promise<void> {
    const parameter = await this.#describe();
    if (parameter?.accessKeyId === pair.accessKeyId) return;
    if (parameter?.accessKeyId === null) throw this.#changedByOthers(parameter.version);
    pairRequest(this.#options, pair, parameter);
    this.#staged.set(pair.accessKeyId, { pair, version: parameter?.version ?? 0 });
  }

  staged(accessKeyId: string): Promise<Secret | null> {
    return Promise.resolve(this.#staged.get(accessKeyId)?.pair.secretAccessKey ?? null);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    for (let attempt = 1; ; attempt++) {
      const parameter = await this.#describe();
      if (parameter?.accessKeyId === accessKeyId) break;
      const staged = this.#staged.get(accessKeyId);
      if (!staged) throw notStaged(this.title, accessKeyId);
      if ((parameter?.version ?? 0) !== staged.version) throw this.#changedByOthers(parameter?.version ?? 0);
      try {
        if (await this.#write(staged.pair, parameter)) break;
      } catch (error) {
        // Whether it was done is seen by the description, so it is never sent again without looking.
        if (!(error instanceof Refusal && error.mayPass) || attempt >= ATTEMPTS) throw error;
        await sleep(FIRST_PAUSE * 2 ** (attempt - 1));
      }
    }
    this.#staged.delete(accessKeyId);
    return { reference: this.reference, secret: null };
  }

  discard(accessKeyId: string): Promise<void> {
    this.#staged.delete(accessKeyId);
    return Promise.resolve();
  }

  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    await this.discard(accessKeyId);
    const parameter = await this.#describe();
    const isOurs = parameter?.accessKeyId === accessKeyId;
    if (isOurs) await this.#api.delete(this.#options.name);
    const isEmpty = isOurs || !parameter;
    const { entry, revision } = await this.journal.read();
    const isOver = entry ? entry.phase !== 'intent' && entry.accessKeyId === accessKeyId : isEmpty;
    if (isOver) await this.journal.clear(revision);
    return isOurs ? 'removed' : parameter ? 'not-ours' : 'absent';
  }

  /** False when somebody else was first to make the parameter. */
  async #write(pair: KeyPair, before: Parameter | null): Promise<boolean> {
    const version = await this.#api.putOnce(pairRequest(this.#options, pair, before));
    if (version === null) return false;
    await this.#describeAnew(pair, before, version);
    await this.#untilShown(pair.accessKeyId);
    return true;
  }

  /** Where another write came in between, the pair is current, but its description does not name its version. */
  async #describeAnew(pair: KeyPair, before: Parameter | null, version: number): Promise<void> {
    const tier = before?.tier ?? '';
    let announced = (before?.version ?? 0) + 1;
    for (let present = version; present !== announced;) {
      announced = present + 1;
      const request = pairRequest(this.#options, pair, { version: present, tier });
      present = (await this.#api.put(request)) ?? announced;
    }
  }

  /** AWS has taken the value; a plan that follows at once must not miss it. */
  async #untilShown(accessKeyId: string): Promise<void> {
    for (let waited = 0, pause = FIRST_PAUSE; waited < SHOWN_WITHIN; waited += pause, pause *= 2) {
      if ((await this.#describe().catch(() => null))?.accessKeyId === accessKeyId) return;
      await sleep(pause);
    }
  }

  #describe(): Promise<Parameter | null> {
    return this.#api.describe(this.#options.name);
  }

  #changedByOthers(version: number): DestinationError {
    return new DestinationError(
      `${this.title} was changed by somebody else (version ${version}) and was not overwritten.`,
      'Move that value away or delete it, or choose another name.',
    );
  }
}

function notStaged(title: string, accessKeyId: string): DestinationError {
  return new DestinationError(
    `The pair of key ${accessKeyId} is not pending at ${title}.`,
    'Apply again: a new key is made.',
  );
}
