import { NOWHERE } from '../../destinations/nowhere.js';
import { assertWritable } from '../../lifecycle/create.js';
import { decide, newKeyIn, refusalIn, storedForm } from '../../lifecycle/decide.js';
import type { Decision, Look, Observation, ProcessView, StoredDecision } from '../../lifecycle/decide.js';
import { lookForPair, lookForRoom } from '../../lifecycle/issue-key.js';
import { noteRefusal, permitReplacement } from '../../lifecycle/journal/confirm.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { replaceableOnlyByDestroying } from '../../lifecycle/messages/planning.js';
import { notesOn } from '../../lifecycle/notes.js';
import type { Claim, KeyContext } from '../../lifecycle/ports.js';
import { AT_APPLY } from '../../lifecycle/resource.js';
import type { Configuration } from '../../lifecycle/resource.js';
import { isLeftByReplacement, lacksRoomBesideOwn } from '../../lifecycle/room.js';
import type { Room } from '../../lifecycle/room.js';
import { USE_SHOWN_WITHIN_HOURS } from '../../lifecycle/rotation-policy.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import { atNextRotation, overlapTooShort, programMissing } from '../messages.js';
import type { Session } from '../session.js';
import { leave, refuse, tell } from '../tell.js';
import { hasUnknown, isSame, text } from '../values.js';
import { BesideOthers, keepKeys } from './beside-others.js';
import { missingPrograms } from './hooks.js';
import { readMemory, UnreadableMemory, writeMemory } from './memory.js';
import { bucketAccessKeySchema } from './schema.js';
import {
  changedTreatment,
  destinationAsWritten,
  destinationIn,
  identityOf,
  sharedIdentityOf,
} from './secret-argument.js';
import {
  configurationIn,
  createOptionsOf,
  plannedState,
  policyOf,
  recordedIn,
  withDefaults,
} from './state.js';
import type { Recorded } from './state.js';

export const planKey: ManagedResource<Session>['plan'] = async (
  { config, prior, proposed, privateData, plannedPrivateData },
  session,
  context,
) => {
  const wanted = withDefaults({ ...proposed, ...onlyConfigured(config, proposed) });
  const contradiction = session.claims.claim(wanted);
  if (contradiction) refuse(contradiction, context);
  try {
    if (prior) keepKeys(prior, session);
    // What is remembered goes with the keys of the old bucket, and its deletion reads it.
    const moves = prior !== null && !isSame(prior.bucket_name, wanted.bucket_name);
    const recorded = prior && recordedIn(prior, moves ? NOTHING : privateData);
    if (recorded) session.recall(recorded);
    const promised = plannedPrivateData ? readMemory(plannedPrivateData, wanted).decision : null;
    const others = new BesideOthers(recorded, text(wanted.bucket_name) ?? '', privateData, session);
    const planning = new Planning(recorded, wanted, others, session, context);
    const decision = await planning.decide(promised);
    context.log.debug('Decided what becomes of a key', facts(recorded, decision));
    const planned = plannedState(recorded, wanted, decision, planning.reference);
    others.say(planned, context);
    await session.reportLeft('plan', context);
    return {
      planned,
      ...(decision.current.kind === 'replace' && { requiresReplace: [['bucket_name']] }),
      privateData:
        recorded && !moves
          ? writeMemory({ ...recorded.memory, decision: storedForm(decision) })
          : privateData,
    };
  } catch (error) {
    if (error instanceof UnreadableMemory && prior && isUnchanged(prior, wanted)) leave(error, context);
    else refuse(error, context);
    return { planned: prior ?? wanted, privateData };
  }
};

const NOTHING = new Uint8Array();

/** One resource's plan: observes what its decision asks for, and tells the user and the process what came of it. */
class Planning {
  #keyContext: KeyContext | null = null;
  /** Where a pair that stays is found, as its author calls the place now; null where that is as before. */
  reference: string | null = null;

  constructor(
    private readonly recorded: Recorded | null,
    private readonly wanted: ObjectValue,
    private readonly others: BesideOthers,
    private readonly session: Session,
    private readonly context: CallContext,
  ) {}

  async decide(promised: StoredDecision | null): Promise<Decision> {
    const { recorded, wanted, context } = this;
    const configuration = configurationIn(wanted, recorded?.attributes);
    let seen: Omit<Observation, 'process'> = { promised };
    for (;;) {
      const decided = decide(recorded, configuration, { ...seen, process: this.#process() });
      if ('look' in decided) {
        seen = { ...seen, ...(await this.#observe(decided)) };
        continue;
      }
      const decision = this.others.settle(decided);
      this.others.slots.note(configuration, decision, context);
      for (const { message, argument } of notesOn(recorded, configuration, decision)) {
        tell(context, 'warning', message, argument ? [argument] : []);
      }
      this.#lookAtOverlap();
      await this.#lookAtPrograms(decision);
      await this.#lookAtTreatment(decision);
      await this.#lookAtNotation(decision, configuration);
      const refusal = refusalIn(decision);
      if (refusal && !this.#isForCreation(decision)) {
        refuse(refusal, context);
        await this.#noteRefusal(newKeyIn(decision)?.room.occupant ?? null);
      }
      await this.#record(decision);
      return decision;
    }
  }

  /** Said once, when its author sets or changes it. */
  #lookAtOverlap(): void {
    const { recorded, wanted, context } = this;
    const { rotation = null } = wanted;
    const isAsBefore = isSame(recorded?.attributes.rotation ?? null, rotation);
    if (hasUnknown(rotation) || isAsBefore) return;
    const { overlapHours } = policyOf(wanted);
    if (overlapHours === 0 || overlapHours >= USE_SHOWN_WITHIN_HOURS) return;
    tell(
      context,
      'warning',
      overlapTooShort(text(wanted.bucket_name), overlapHours, USE_SHOWN_WITHIN_HOURS),
      ['rotation'],
    );
  }

  /** Where they are about to run, or have just been changed. Another machine may apply, so that nothing is refused. */
  async #lookAtPrograms(decision: Decision): Promise<void> {
    const { recorded, wanted, context } = this;
    // Terraform asks again, for the key that takes this one's place.
    if (decision.current.kind === 'replace') return;
    const isAsBefore = isSame(recorded?.attributes.hooks ?? null, wanted.hooks ?? null);
    const { hook, previous, leftovers } = decision;
    const isDeleting = previous.kind === 'retire' || leftovers.length > 0;
    if (isAsBefore && newKeyIn(decision) === null && hook === 'none' && !isDeleting) return;
    for (const missing of await missingPrograms(wanted)) {
      tell(context, 'warning', programMissing(text(wanted.bucket_name), missing), ['hooks']);
    }
  }

  /** A pair that stays keeps its KMS key and its tier; whether the next one can have others is known now. */
  async #lookAtTreatment({ current: { kind } }: Decision): Promise<void> {
    const { recorded, wanted, session, context } = this;
    if (!recorded?.current || (kind !== 'keep' && kind !== 'defer')) return;
    const changed = changedTreatment(recorded.attributes, wanted);
    if (changed.length === 0) return;
    tell(context, 'warning', atNextRotation(recorded.bucket, recorded.current.id, changed), ['secret']);
    if (!session.isIncomplete) await assertWritable(await this.#open());
  }

  /** The same place in other words: no key is made, and these words have to lead there as well. */
  async #lookAtNotation({ current: { kind } }: Decision, { destination }: Configuration): Promise<void> {
    const { recorded, wanted, session } = this;
    if (!recorded || (kind !== 'keep' && kind !== 'defer') || session.isIncomplete) return;
    const { attributes } = recorded;
    const [before, now] = [attributes, wanted].map(({ secret }) => destinationAsWritten(secret));
    if (destination === null || recorded.destination !== destination || before === now) return;
    const keyContext = await this.#open();
    await assertWritable(keyContext);
    if (text(attributes.secret_reference) !== null) this.reference = keyContext.destination.reference;
  }

  #process(): ProcessView {
    const { wanted, others, session } = this;
    const destination = identityOf(wanted);
    // Terraform asks without a prior state for a replacement as well; a second resource of this place is none.
    const sharedIdentity = others.isNew ? sharedIdentityOf(wanted) : null;
    return {
      canAsk: !session.isIncomplete,
      known: session.known,
      predecessors: session.declared.isTwice(wanted) ? [] : others.predecessorsAt(destination),
      removedThere: sharedIdentity === null ? null : session.owners.removedFrom(sharedIdentity),
      // A key of somebody else's making that was never delivered from here had no destination yet.
      own: others.own,
      others: others.slots.othersOn(text(wanted.bucket_name) ?? AT_APPLY),
      wasGone: session.wasGone(destination) || session.wasGone(identityOf({ ...wanted, secret: null })),
    };
  }

  async #observe(look: Look): Promise<Pick<Observation, 'pair' | 'inspection'>> {
    if (look.look === 'room') for (const id of look.replacing) this.session.replaces(id, this.#follows);
    try {
      const keyContext = await this.#open();
      return look.look === 'pair'
        ? { pair: await lookForPair(keyContext, look.key) }
        : { inspection: await lookForRoom(keyContext, this.#claim(), look.withDestination) };
    } catch (problem) {
      if (!(problem instanceof LifecycleError)) throw problem;
      // A wrong Region or account, for instance: the look for room meets the same, and says it.
      return look.look === 'pair' ? { pair: null } : { inspection: { found: 'nothing', problem } };
    }
  }

  /** The same that its apply will make: a rotation follows the key of the state. */
  #claim(): Claim {
    const follows = this.#follows;
    return { ...createOptionsOf(this.wanted), ...(follows !== null && { replaces: follows }) };
  }

  get #follows(): string | null {
    const { current = null, previous = null, former = null } = this.recorded ?? {};
    return current?.id ?? previous ?? former;
  }

  async #open(): Promise<KeyContext> {
    const { recorded, wanted, session, context } = this;
    const choice = destinationIn(wanted.secret) ?? NOWHERE;
    const around = { madeIn: recorded?.memory ?? null, phase: 'plan' as const };
    return (this.#keyContext ??= await session.keyContext(
      text(wanted.bucket_name) ?? '',
      choice,
      context,
      around,
    ));
  }

  async #record(decision: Decision): Promise<void> {
    const { session } = this;
    const room = newKeyIn(decision)?.room;
    if (this.recorded) keepKeys(this.recorded.attributes, session);
    const follows = decision.current.kind === 'replace' ? null : this.#follows;
    for (const id of decision.replacing) session.replaces(id, follows);
    session.looksAfter([...decision.leftovers, ...(room?.accountedFor ?? [])]);
    this.#announceNew(decision, room);
    if (room?.permits) await this.#permit(room.permits);
  }

  /** The resource that has one of these keys may be planned later. */
  #announceNew({ replacing }: Decision, room: Room | undefined): void {
    const { owners, known } = this.session;
    const occupant = room?.occupant?.key;
    const isReported = room?.problem !== null && occupant !== undefined && known.ours.has(occupant);
    if (!this.others.isNew || isReported) return;
    const destination = sharedIdentityOf(this.wanted);
    const there = occupant === undefined ? [] : [occupant];
    const keys = destination === null ? there : [...replacing, ...there];
    owners.isToFollow({ destination, keys, isReplacement: isLeftByReplacement(room?.occupant) });
  }

  #isForCreation(decision: Decision): boolean {
    const room = newKeyIn(decision)?.room;
    return this.others.isNew && room !== undefined && lacksRoomBesideOwn(room);
  }

  async #noteRefusal(occupant: Room['occupant']): Promise<void> {
    const isApply = this.others.isNew && occupant?.replacement === 'planned';
    if (isApply && this.#keyContext) await noteRefusal(this.#keyContext, occupant.key);
  }

  async #permit({ key, time }: NonNullable<Room['permits']>): Promise<void> {
    const keyContext = this.#keyContext;
    if (!keyContext?.known.mayBeReplaced(key, this.#follows ?? undefined)) return;
    if (await permitReplacement(keyContext, key, time, !this.others.isNew)) return;
    tell(this.context, 'warning', replaceableOnlyByDestroying(keyContext, key));
  }
}

function facts(recorded: Recorded | null, decision: Decision): Record<string, unknown> {
  const { current, previous, leftovers, hook, destination } = decision;
  return {
    bucket: recorded?.bucket,
    access_key_id: recorded?.current?.id,
    current: current.kind,
    previous: previous.kind,
    leftovers,
    hook,
    destination,
  };
}

/** Whether the author wants what the state has. */
function isUnchanged(prior: ObjectValue, wanted: ObjectValue): boolean {
  return Object.keys(CONFIGURABLE).every((name) => isSame(prior[name] ?? null, wanted[name] ?? null));
}

const CONFIGURABLE = Object.fromEntries(
  Object.entries({ ...bucketAccessKeySchema.attributes, ...bucketAccessKeySchema.blocks }).filter(
    ([, argument]) => !('computed' in argument) || 'optional' in argument,
  ),
);

/** A default is taken anew where the author has left an argument out, whatever it was before. */
function onlyConfigured(config: ObjectValue, proposed: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.keys(proposed)
      .filter((name) => name in config)
      .map((name) => [name, config[name] ?? null]),
  );
}
