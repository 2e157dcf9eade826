import { assertWritable } from '../../lifecycle/create.js';
import { decide, newKeyIn, refusalIn, storedForm } from '../../lifecycle/decide.js';
import type { Decision, Look, Observation, ProcessView, StoredDecision } from '../../lifecycle/decide.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { lookForPair, lookForRoom } from '../../lifecycle/look.js';
import { noteRefusal, permitReplacement } from '../../lifecycle/journal/confirm.js';
import { replaceableOnlyByDestroying } from '../../lifecycle/messages/planning.js';
import { notesOn } from '../../lifecycle/notes.js';
import type { Claim, KeyContext } from '../../lifecycle/ports.js';
import { isLeftByRefusal, lacksRoomBesideOwn } from '../../lifecycle/room.js';
import { AT_APPLY } from '../../lifecycle/resource.js';
import type { Configuration } from '../../lifecycle/resource.js';
import type { Room } from '../../lifecycle/room.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { isSame, text } from '../values.js';
import { atNextRotation } from '../messages.js';
import { BesideOthers, keepKeys } from './beside-others.js';
import { isDeclaredTwice, placeOf, sharedPlaceOf } from './declared.js';
import { destinationAsWritten } from './destination-identity.js';
import { leave, refuse } from './diagnose.js';
import { exclusiveTwice } from './exclusive.js';
import { readMemory, UnreadableMemory, writeMemory } from './memory.js';
import { configurationIn, recordedIn } from './recorded.js';
import type { Recorded } from './recorded.js';
import { routeOf } from './route.js';
import { bucketAccessKeySchema } from './schema.js';
import {
  createOptionsOf,
  createdAtOf,
  dueAttribute,
  keptAttributes,
  newKeyUnknowns,
  NO_PREVIOUS,
  policyOf,
  previousAttributes,
  withDefaults,
} from './state.js';
import { changedTreatment } from './treatment.js';

export const planKey: ManagedResource<Session>['plan'] = async (
  { config, prior, proposed, privateData, plannedPrivateData },
  session,
  context,
) => {
  const wanted = withDefaults({ ...proposed, ...onlyConfigured(config, proposed) });
  const contradiction = exclusiveTwice(wanted);
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
    const place = placeOf(wanted);
    // Terraform asks without a prior state for a replacement as well; a second resource of this place is none.
    const sharedPlace = others.isNew ? sharedPlaceOf(wanted) : null;
    return {
      canAsk: !session.isIncomplete,
      known: session.known,
      predecessors: isDeclaredTwice(wanted) ? [] : others.predecessorsAt(place),
      removedThere: sharedPlace === null ? null : session.owners.removedFrom(sharedPlace),
      // A key of somebody else's making that was never delivered from here had no destination yet.
      own: others.own,
      others: others.slots.othersOn(text(wanted.bucket_name) ?? AT_APPLY),
      wasGone: session.wasGone(place) || session.wasGone(placeOf({ ...wanted, secret: null })),
    };
  }

  async #observe(look: Look): Promise<Pick<Observation, 'pair' | 'inspection'>> {
    if (look.look === 'room') for (const id of look.replacing) this.session.replaces(id);
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
    const { current = null, previous = null, former = null } = this.recorded ?? {};
    const follows = current?.id ?? previous ?? former;
    return { ...createOptionsOf(this.wanted), ...(follows !== null && { replaces: follows }) };
  }

  async #open(): Promise<KeyContext> {
    const { recorded, wanted, session, context } = this;
    const route = routeOf(wanted.secret) ?? { kind: 'none' as const };
    const around = { madeIn: recorded?.memory ?? null, phase: 'plan' as const };
    return (this.#keyContext ??= await session.keyContext(
      text(wanted.bucket_name) ?? '',
      route,
      context,
      around,
    ));
  }

  async #record(decision: Decision): Promise<void> {
    const { session } = this;
    const room = newKeyIn(decision)?.room;
    if (this.recorded) keepKeys(this.recorded.attributes, session);
    for (const id of decision.replacing) session.replaces(id);
    session.looksAfter([...decision.leftovers, ...(room?.accountedFor ?? [])]);
    this.#announceNew(decision, room);
    if (room?.permits) await this.#permit(room.permits);
  }

  /** The resource that has one of these keys may be planned later. */
  #announceNew({ replacing }: Decision, room: Room | undefined): void {
    const { owners, known } = this.session;
    const occupant = room?.occupant?.key;
    const isTold = room?.problem !== null && occupant !== undefined && known.ours.has(occupant);
    if (!this.others.isNew || isTold || isLeftByRefusal(room?.occupant)) return;
    const place = sharedPlaceOf(this.wanted);
    const there = occupant === undefined ? [] : [occupant];
    owners.isToFollow(place, place === null ? there : [...replacing, ...there]);
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
    if (!keyContext?.known.mayBeReplaced(key)) return;
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

/** The configuration, and what will be computed: as it was where it stays, and unknown where apply decides. */
function plannedState(
  recorded: Recorded | null,
  wanted: ObjectValue,
  { current, previous, leftovers, hook }: Decision,
  reference: string | null,
): ObjectValue {
  const policy = policyOf(wanted);
  const anew = { ...wanted, ...newKeyUnknowns(wanted) };
  if (!recorded || current.kind === 'replace') return { ...anew, ...NO_PREVIOUS };
  const another = { ...anew, ...previousAttributes(UNKNOWN, null, policy) };
  if (current.kind === 'rotate' || current.kind === 'undecided') return another;
  const { attributes } = recorded;
  const createdAt = createdAtOf(attributes);
  const planned: ObjectValue = {
    ...wanted,
    ...keptAttributes(attributes),
    ...(reference !== null && { secret_reference: reference }),
    ...dueAttribute(createdAt, policy),
    ...previousAttributes(previous.kind === 'retire' ? UNKNOWN : recorded.previous, createdAt, policy),
    // A change that Terraform can see is needed for an apply to do what is left to do.
    ...((leftovers.length > 0 || hook !== 'none') && { status: UNKNOWN }),
    ...(current.kind === 'take over' && { status: UNKNOWN, secret_reference: UNKNOWN }),
  };
  // Until apply there may be room for the key that is called for.
  return current.kind === 'defer' && !isSame(planned, attributes) ? another : planned;
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
