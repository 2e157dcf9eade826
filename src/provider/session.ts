import type { DestinationChoice } from '../destinations/destination-choice.js';
import type { PairReader } from '../destinations/pair-reader.js';
import type { ReadableChoice } from '../destinations/reader-for.js';
import { KeyOwners } from '../lifecycle/key-owners.js';
import { KnownKeys } from '../lifecycle/known-keys.js';
import type { KnownView } from '../lifecycle/known-keys.js';
import { keysAsKnown } from '../lifecycle/lagging-list.js';
import { LifecycleError } from '../lifecycle/lifecycle-error.js';
import { confirm } from '../lifecycle/journal/confirm.js';
import type { Message } from '../lifecycle/message.js';
import type { Hooks, KeyContext } from '../lifecycle/ports.js';
import { PlannedSlots } from '../lifecycle/slots.js';
import type { CallContext, ObjectValue } from '../plugin/index.js';
import type { Redactor } from '../secret/redactor.js';
import type { Secret } from '../secret/secret.js';
import { AwsCloud } from './aws-cloud.js';
import type { Memory, Origin } from './bucket-access-key/memory.js';
import { NO_HOOKS } from './bucket-access-key/hooks.js';
import type { Cloud } from './cloud.js';
import type { Phase } from './listings.js';
import { givenCredentials } from './given-credentials.js';
import * as messages from './messages.js';
import { settingsFrom } from './settings-from.js';
import { tell } from './tell.js';
import { hasUnknown } from './values.js';

export function openSession(config: ObjectValue, redactor: Redactor): Session {
  const learn = (secret: Secret) => {
    redactor.learn(secret);
  };
  givenCredentials(config, process.env).forEach(learn);
  return new Session(new AwsCloud(settingsFrom(config), learn), redactor, hasUnknown(config));
}

interface Around {
  /** Of a key of the state. */
  readonly madeIn?: Origin | null;
  readonly hooks?: Hooks;
  /** Default: apply, which always looks anew. */
  readonly phase?: Phase;
}

/** What one configured provider process keeps between its calls. */
export class Session {
  readonly #known = new KnownKeys();
  readonly owners = new KeyOwners();
  readonly slots = new PlannedSlots();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #delivered = new Map<string, KeyContext>();
  readonly #gone = new Set<string>();

  constructor(
    private readonly cloud: Cloud,
    private readonly redactor: Redactor,
    /** Some part of the provider block is not known yet: AWS is not asked anything. */
    readonly isIncomplete: boolean,
  ) {}

  /**
   * Everything that one call on one bucket's key works with. A key of the state is asked for where it was made alone:
   * elsewhere, AWS would say that there is no such key.
   */
  async keyContext(
    bucket: string,
    choice: DestinationChoice,
    context: CallContext,
    { madeIn = null, hooks = NO_HOOKS, phase = 'apply' }: Around = {},
  ): Promise<KeyContext> {
    const region = await this.#region(bucket);
    if (madeIn) assertSameOrigin(bucket, madeIn, { region, account: await this.cloud.account() });
    const { learn } = this;
    const warn = (message: Message) => {
      tell(context, 'warning', message);
    };
    const outside = await this.cloud.outside(bucket, region, choice, { phase, context, learn, warn });
    return {
      ...outside,
      keys: keysAsKnown(outside.keys, this.#known),
      keysOf: (name) => keysAsKnown(outside.keysOf(name), this.#known),
      known: this.#known,
      hooks,
      learn,
      warn,
      log: (what, facts) => {
        context.log.info(what, facts);
      },
      signal: context.signal,
    };
  }

  /** Who reads a delivered pair back; its secret is to be learned before anything else is done with it. */
  readerOf(choice: ReadableChoice): Promise<PairReader> {
    return this.cloud.readerOf(choice);
  }

  readonly learn = (secret: Secret): void => {
    this.redactor.learn(secret);
  };

  /** Takes every secret that this process knows out of a text. */
  get redact(): (text: string) => string {
    return this.redactor.redact;
  }

  /** Where keys are made now; of the account, what was known stays known. */
  async origin(known: Origin | null = null): Promise<Origin> {
    const account = (await this.cloud.account()) ?? known?.account ?? null;
    return { region: await this.cloud.region(), account };
  }

  async #region(bucket: string): Promise<string> {
    try {
      return await this.cloud.region();
    } catch (error) {
      throw new LifecycleError(messages.regionUnknown(bucket, error));
    }
  }

  get known(): KnownView {
    return { ours: this.#known, removed: { has: (key) => this.owners.isRemoved(key) } };
  }

  /** A resource's state holds the key, whatever becomes of it. */
  holds(accessKeyId: string): void {
    this.#known.sawInState(accessKeyId);
  }

  /** A resource's state holds the key at this place, and keeps it unless its own plan says otherwise. */
  keeps(accessKeyId: string, place: string | null): void {
    this.#known.sawInState(accessKeyId);
    this.#known.keep(accessKeyId);
    if (place !== null) this.owners.liesAt(place, accessKeyId);
  }

  /** No list has shown these keys of a state so far, as it was written down. */
  recall({ bucket, memory }: { readonly bucket: string; readonly memory: Pick<Memory, 'unlisted'> }): void {
    for (const [id, madeAt] of Object.entries(memory.unlisted ?? {})) {
      this.#known.expects(bucket, id, new Date(madeAt));
    }
  }

  /** Which of these keys no list has shown yet, to be written down; null for none. */
  unlisted(keys: readonly (string | null)[]): Readonly<Record<string, string>> | null {
    const since = (id: string | null) => (id === null ? null : this.#known.unlistedSince(id));
    const unlisted = keys.flatMap((id) => {
      const madeAt = since(id);
      return id === null || madeAt === null ? [] : [[id, madeAt.toISOString()] as const];
    });
    return unlisted.length > 0 ? Object.fromEntries(unlisted) : null;
  }

  /** A resource's state says where the pair of its key was put. */
  hasDelivered(accessKeyId: string, reference: string): void {
    this.#known.delivered(accessKeyId, reference);
  }

  /** Keys in no state of which a resource takes care: it deletes them, takes them over, or replaces their pair. */
  looksAfter(keys: readonly string[]): void {
    for (const id of keys) this.#known.announced(id);
  }

  /** The resource of this key is to have another one. */
  replaces(accessKeyId: string): void {
    this.#known.sawInState(accessKeyId);
    this.#known.release(accessKeyId);
  }

  /** The key of this place was found gone: what is planned there is a repair. */
  foundGone(place: string | null): void {
    if (place !== null) this.#gone.add(place);
  }

  wasGone(place: string | null): boolean {
    return place !== null && this.#gone.has(place);
  }

  /** One piece of work on a bucket at a time: two creations would each see the other's key as a stranger's. */
  async inTurn<T>(bucket: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(bucket) ?? Promise.resolve()).then(work);
    this.#turns.set(
      bucket,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** The answer with this key is on its way to Terraform. */
  delivered(keyContext: KeyContext, accessKeyId: string): void {
    this.#delivered.set(accessKeyId, keyContext);
  }

  /** Terraform ends this process in good order, so it has taken every answer: no key is a dead run's leftover. */
  async end(): Promise<void> {
    await Promise.all(
      [...this.#delivered].map(([accessKeyId, keyContext]) => confirm(keyContext, accessKeyId)),
    );
  }
}

function assertSameOrigin(bucket: string, madeIn: Origin, now: Origin): void {
  const about = { subject: 'bucket' } as const;
  if (madeIn.region !== null && now.region !== null && madeIn.region !== now.region) {
    throw new LifecycleError(messages.madeInOtherRegion(bucket, madeIn.region, now.region), about);
  }
  if (madeIn.account !== null && now.account !== null && madeIn.account !== now.account) {
    throw new LifecycleError(messages.madeInOtherAccount(bucket, madeIn.account, now.account), about);
  }
}
