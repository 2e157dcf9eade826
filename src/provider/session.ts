import { setTimeout } from 'node:timers/promises';
import type { DestinationChoice } from '../destinations/descriptor.js';
import { NOWHERE } from '../destinations/nowhere.js';
import { confirm } from '../lifecycle/journal/confirm.js';
import { KeyOwners } from '../lifecycle/key-owners.js';
import { KnownKeys } from '../lifecycle/known-keys.js';
import type { KnownView } from '../lifecycle/known-keys.js';
import { LifecycleError } from '../lifecycle/lifecycle-error.js';
import { reportLeftInFolder } from '../lifecycle/leftovers.js';
import { keysAsKnown } from '../lifecycle/list-keys.js';
import type { Message } from '../lifecycle/message.js';
import type { Hooks, KeyContext } from '../lifecycle/ports.js';
import { PlannedSlots } from '../lifecycle/slots.js';
import type { CallContext, ObjectValue } from '../plugin/index.js';
import type { Redactor } from '../secret/redactor.js';
import type { Secret } from '../secret/secret.js';
import { DeclaredDestinations, ExclusiveClaims } from './bucket-access-key/declared.js';
import { NO_HOOKS } from './bucket-access-key/hooks.js';
import type { Memory, Origin } from './bucket-access-key/memory.js';
import { AwsCloud } from './cloud.js';
import type { Cloud, Readable } from './cloud.js';
import type { Phase } from './listings.js';
import * as messages from './messages.js';
import { givenCredentials, settingsFrom } from './settings.js';
import { tell } from './tell.js';
import { hasUnknown, text } from './values.js';

/** Of the time that Terraform gives a provider to end. */
const CONFIRM_WITHIN = 1000;

/** `declarations`: what this process has validated so far, and will. */
export function openSession(
  config: ObjectValue,
  redactor: Redactor,
  declarations: readonly ObjectValue[] = [],
): Session {
  const learn = (secret: Secret) => {
    redactor.learn(secret);
  };
  givenCredentials(config, process.env).forEach(learn);
  const cloud = new AwsCloud(settingsFrom(config), learn);
  return new Session(cloud, redactor, hasUnknown(config), declarations);
}

interface Around {
  /** Of a key of the state. */
  readonly madeIn?: Origin | null;
  readonly hooks?: Hooks;
  /** Default: apply, which always looks anew. */
  readonly phase?: Phase;
  /** A new key is made. Default: no. */
  readonly isToIssue?: boolean;
}

/** What one configured provider process keeps between its calls. */
export class Session {
  readonly #known = new KnownKeys();
  readonly owners = new KeyOwners();
  readonly slots = new PlannedSlots();
  /** Which destinations the configuration wants, and which buckets for one resource alone. */
  readonly declared: DeclaredDestinations;
  readonly claims = new ExclusiveClaims();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #delivered = new Map<string, KeyContext>();
  readonly #gone = new Set<string>();
  readonly #notAnnounced = new Map<string, string>();
  /** IDs of the keys of which a call has spoken. */
  readonly #reportedBy = new WeakMap<CallContext, readonly string[]>();
  /** Notes that were followed so far, and IDs of the keys that were named, by step. */
  readonly #reported = new Map<string, Set<string>>();

  constructor(
    private readonly cloud: Cloud,
    private readonly redactor: Redactor,
    /** Some part of the provider block is not known yet: AWS is not asked anything. */
    readonly isIncomplete: boolean,
    declarations: readonly ObjectValue[] = [],
  ) {
    this.declared = new DeclaredDestinations(declarations);
  }

  /**
   * Everything that one call on one bucket's key works with. A key of the state is asked for where it was made alone:
   * elsewhere, AWS would say that there is no such key.
   */
  async keyContext(
    bucket: string,
    choice: DestinationChoice,
    context: CallContext,
    { madeIn = null, hooks = NO_HOOKS, phase = 'apply', isToIssue = false }: Around = {},
  ): Promise<KeyContext> {
    const region = await this.#region(bucket);
    if (madeIn) assertSameOrigin(bucket, madeIn, { region, account: await this.cloud.account() });
    const { learn } = this;
    const warn = (message: Message) => {
      const { keys } = message.about;
      this.#reportedBy.set(context, [...(this.#reportedBy.get(context) ?? []), ...keys]);
      if (phase !== 'apply') for (const id of keys) this.#reportedIn('plan').add(id);
      tell(context, 'warning', message);
    };
    const outside = await this.cloud.outside(bucket, region, choice, {
      phase,
      context,
      learn,
      warn,
      isToIssue,
    });
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

  /**
   * Names what dead runs of this folder have left, once for all resources of a step: what this call has spoken of, and what
   * goes to a place that the configuration declares, needs no second word. What cannot be looked at stops nothing: its
   * resource's own plan says why.
   */
  async reportLeft(step: 'plan' | 'planned removal' | 'removal', context: CallContext): Promise<void> {
    if (this.isIncomplete) return;
    const reported = this.#reportedIn(step);
    for (const left of this.cloud.left()) {
      if (reported.has(left.name) || (step === 'plan' && this.declared.wants(left))) continue;
      reported.add(left.name);
      const phase = step === 'removal' ? 'apply' : 'plan';
      try {
        const keyContext = await this.keyContext(left.bucket, NOWHERE, context, { phase });
        const but = new Set([...(this.#reportedBy.get(context) ?? []), ...reported]);
        const { named, isOver } = await reportLeftInFolder(keyContext, left, but);
        for (const id of named) reported.add(id);
        if (isOver) this.cloud.forgetLeft(left);
      } catch (error) {
        if (!(error instanceof LifecycleError)) throw error;
        context.log.info('A note of this folder could not be followed', {
          note: left.name,
          bucket: left.bucket,
        });
      }
    }
  }

  #reportedIn(step: string): Set<string> {
    const reported = this.#reported.get(step) ?? new Set();
    this.#reported.set(step, reported);
    return reported;
  }

  /** Of a destination that can be read; a secret from there is to be learned before anything else is done with it. */
  readable(choice: DestinationChoice): Promise<Readable> {
    return this.cloud.readable(choice);
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

  /** A resource's state holds the key at this destination, and keeps it unless its own plan says otherwise. */
  keeps(accessKeyId: string, destination: string | null): void {
    this.#known.sawInState(accessKeyId);
    this.#known.keep(accessKeyId);
    if (destination !== null) this.owners.liesAt(destination, accessKeyId);
  }

  /** Which keys of a state no list has shown so far, and which were tried when, as it was written down. */
  recall({
    bucket,
    memory,
  }: {
    readonly bucket: string;
    readonly memory: Pick<Memory, 'unlisted' | 'tried'>;
  }): void {
    for (const [id, at] of Object.entries(memory.tried ?? {})) {
      if (this.#known.triedAt(id) === null) this.#known.tried(id, new Date(at));
    }
    for (const [id, madeAt] of Object.entries(memory.unlisted ?? {})) {
      this.#known.expects(bucket, id, new Date(madeAt));
    }
  }

  /** Which of these keys no list has shown yet, to be written down; null for none. */
  unlisted(keys: readonly (string | null)[]): TimesOfKeys {
    return timesOf(keys, (id) => this.#known.unlistedSince(id));
  }

  /** When this provider has tried these keys on S3, to be written down; null for none. */
  tried(keys: readonly (string | null)[]): TimesOfKeys {
    return timesOf(keys, (id) => this.#known.triedAt(id));
  }

  /** For whom its journal is lost: a resource's state says where the pair of its key was put. */
  hasDelivered(state: ObjectValue): void {
    const [id, reference] = [text(state.access_key_id), text(state.secret_reference)];
    if (id !== null && reference !== null) this.#known.delivered(id, reference);
  }

  /** Keys in no state of which a resource takes care: it deletes them, takes them over, or replaces their pair. */
  looksAfter(keys: readonly string[]): void {
    for (const id of keys) this.#known.announced(id);
  }

  /** The resource of this key is to have another one, which follows that key; null: the resource is made anew. */
  replaces(accessKeyId: string, inPlaceOf: string | null): void {
    this.#known.sawInState(accessKeyId);
    this.#known.release(accessKeyId, inPlaceOf);
  }

  /** The key of this place was found gone: what is planned there is a repair. */
  foundGone(destination: string | null): void {
    if (destination !== null) this.#gone.add(destination);
  }

  wasGone(destination: string | null): boolean {
    return destination !== null && this.#gone.has(destination);
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

  /** The after_create hook of a new key has failed, so consumers of this place still use the one before. */
  notAnnounced(destination: string | null, accessKeyId: string): void {
    if (destination !== null) this.#notAnnounced.set(destination, accessKeyId);
  }

  /** ID of such a key. */
  notAnnouncedAt(destination: string | null): string | null {
    return destination === null ? null : (this.#notAnnounced.get(destination) ?? null);
  }

  /** The answer with this key is on its way to Terraform. */
  delivered(keyContext: KeyContext, accessKeyId: string): void {
    this.#delivered.set(accessKeyId, keyContext);
  }

  /** Terraform ends this process in good order, so it has taken every answer: no key is a dead run's leftover. */
  async end(): Promise<void> {
    const confirmed = Promise.all(
      [...this.#delivered].map(([accessKeyId, keyContext]) => {
        // Terraform does not wait for a slow store.
        keyContext.runs.noteTaken(accessKeyId);
        return confirm(keyContext, accessKeyId);
      }),
    );
    if (this.cloud.release) {
      // A slow store does not keep the tokens of another one.
      await Promise.race([confirmed, setTimeout(CONFIRM_WITHIN, undefined, { ref: false })]);
      await this.cloud.release();
    }
    await confirmed;
  }
}

type TimesOfKeys = Readonly<Record<string, string>> | null;

function timesOf(keys: readonly (string | null)[], timeOf: (id: string) => Date | null): TimesOfKeys {
  const times = keys.flatMap((id) => {
    const time = id === null ? null : timeOf(id);
    return id === null || time === null ? [] : [[id, time.toISOString()] as const];
  });
  return times.length > 0 ? Object.fromEntries(times) : null;
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
