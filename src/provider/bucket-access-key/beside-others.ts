import { givenUpBy, slotUseOf, withheld } from '../../lifecycle/decide-shared.js';
import { newKeyIn } from '../../lifecycle/decide.js';
import type { Decision } from '../../lifecycle/decide.js';
import type { Conflict, KeyOwners } from '../../lifecycle/key-owners.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { Message } from '../../lifecycle/message.js';
import * as messages from '../../lifecycle/messages/owners.js';
import { noRoomForOther, roomDependsOnOrder, rotationNeedsASlot } from '../../lifecycle/messages/slots.js';
import { AT_APPLY, keysOf } from '../../lifecycle/resource.js';
import type { Configuration } from '../../lifecycle/resource.js';
import { effectOf, NO_OTHERS, rotatesBeside } from '../../lifecycle/slots.js';
import type { OtherUses, SlotUse } from '../../lifecycle/slots.js';
import type { CallContext, ObjectValue, PrivateData } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { refuse, tell } from '../tell.js';
import { isSame, text } from '../values.js';
import { readMemory } from './memory.js';
import { identityOf, sharedIdentityOf } from './secret-argument.js';
import type { Recorded } from './state.js';

/** One resource's plan among those of other resources that have the same key. */
export class BesideOthers {
  readonly #owners: KeyOwners;
  readonly #resource: string | null;
  /** The slots of the bucket that is wanted, or of the one that is left. */
  readonly slots: SlotsBesideOthers;
  #met: { readonly conflict: Conflict; readonly key: string } | null = null;

  constructor(
    /** Null: it has no state, or is to be replaced. */
    private readonly recorded: Recorded | null,
    private readonly bucket: string,
    privateData: PrivateData,
    session: Session,
  ) {
    this.#owners = session.owners;
    this.#resource = resourceIn(privateData);
    this.slots = new SlotsBesideOthers(recorded, this.#resource, session);
  }

  /** For a replacement Terraform hands on what the plan before it has remembered; of a new resource nobody knows. */
  get isNew(): boolean {
    return this.recorded === null && this.#resource === null;
  }

  /** The keys of this place that the new one of a resource without a state follows. */
  predecessorsAt(destination: string | null): readonly string[] {
    if (this.recorded || destination === null) return [];
    return this.#owners.predecessorsAt(destination, this.#resource);
  }

  /** The keys of a resource that is made anew, where Terraform has handed on which one it is. */
  get own(): readonly string[] {
    return this.recorded ? [] : this.#owners.keysOf(this.#resource);
  }

  /** The decision, unless another resource keeps what it would give up. */
  settle(decision: Decision): Decision {
    const { recorded } = this;
    const keys = recorded ? keysOf(recorded) : this.#owners.keysOf(this.#resource);
    const deleted = recorded ? givenUpBy(recorded, decision) : keys;
    for (const key of keys) {
      const conflict = this.#owners.conflict(this.#resource, key, deleted.includes(key));
      if (conflict && (!this.#met || conflict !== 'shared')) this.#met = { conflict, key };
      this.#owners.plans(this.#resource, key, deleted.includes(key) ? 'replaced' : 'kept');
    }
    return recorded && this.#met?.conflict === 'withheld' ? withheld(recorded) : decision;
  }

  /** Says what was met. A key that nobody changes stays, and nothing else has to wait for it. */
  say(planned: ObjectValue, context: CallContext): void {
    if (!this.#met) return;
    const { conflict, key } = this.#met;
    const message = MESSAGES[conflict](this.bucket, key);
    const isUnchanged = this.recorded !== null && isSame(planned, this.recorded.attributes);
    if (conflict === 'shared' || (conflict === 'withheld' && isUnchanged)) tell(context, 'warning', message);
    else refuse(new LifecycleError(message), context);
  }
}

/** The removal of a resource, beside the plans of others that have the same keys. */
export function removeBesideOthers(recorded: Recorded, session: Session, context: CallContext): void {
  const { attributes, bucket, memory } = recorded;
  keepKeys(attributes, session);
  new SlotsBesideOthers(recorded, memory.resource, session).removes(recorded, context);
  const owner = {
    resource: memory.resource,
    keys: keysOf(recorded),
    destination: sharedIdentityOf(attributes),
  };
  const met = session.owners.remove(owner);
  if (!met) return;
  const { conflict, key } = met;
  const message =
    conflict === 'wanted' ? messages.wantedByNew(bucket, key, true) : MESSAGES[conflict](bucket, key);
  if (conflict === 'replaced') tell(context, 'warning', message);
  else refuse(new LifecycleError(message), context);
}

/** A state holds these keys, and keeps them unless the decision says otherwise. */
export function keepKeys(state: ObjectValue, session: Session): void {
  const [current, previous] = [text(state.access_key_id), text(state.previous_access_key_id)];
  if (previous !== null) session.keeps(previous, null);
  if (current === null) return;
  session.keeps(current, identityOf(state));
  session.hasDelivered(state);
}

const MESSAGES: Readonly<Record<Conflict, (bucket: string, key: string) => Message>> = {
  wanted: (bucket, key) => messages.wantedByNew(bucket, key, false),
  replaced: messages.replacedWhereRemoved,
  imported: messages.importedByAnother,
  deleted: messages.deletedWithAnother,
  withheld: messages.heldTwice,
  shared: messages.heldTwice,
};

/** Null where the private data do not tell, or cannot be read: whoever needs more of them says so. */
function resourceIn(privateData: PrivateData): string | null {
  try {
    return readMemory(privateData, {}).resource;
  } catch (error) {
    if (error instanceof LifecycleError) return null;
    throw error;
  }
}

/** One resource's plan among those of others that have keys on the same bucket. */
export class SlotsBesideOthers {
  /** The plans of one resource: of a new one there is no more than one. */
  readonly #by: unknown;

  constructor(
    /** Null: it has no state, or is to be replaced. */
    private readonly recorded: Recorded | null,
    private readonly resource: string | null,
    private readonly session: Session,
  ) {
    this.#by = resource ?? this;
  }

  othersOn(bucket: Configuration['bucket']): OtherUses {
    return bucket === AT_APPLY ? NO_OTHERS : this.session.slots.othersOn(bucket, this.#by);
  }

  /** Notes what the plan takes and frees, and says what it means for the plans before it. */
  note(wanted: Configuration, decision: Decision, context: CallContext): void {
    const { recorded, session } = this;
    // A resource without a recorded identity may be made anew: its keys cannot be told from those of others.
    const isKnown = recorded === null || this.resource !== null;
    const isLeft = decision.current.kind === 'replace';
    const bucket = isLeft && recorded ? recorded.bucket : wanted.bucket;
    const use = slotUseOf(recorded, wanted, decision);
    if (!use || !isKnown || bucket === AT_APPLY) return;
    const beside = rotatesBeside(use, this.othersOn(bucket));
    if (beside) tell(context, 'warning', rotationNeedsASlot(bucket, use, beside), ['rotation']);
    this.#plans(bucket, use, context);
    session.slots.found(bucket, newKeyIn(decision)?.room.listed ?? null);
  }

  /** The resource is removed, and its slots are free then. */
  removes(recorded: Recorded, context: CallContext): void {
    const keys = keysOf(recorded);
    const use = { keys, first: keys, makes: null, then: [], isAsked: false, isNew: false, rotates: false };
    this.#plans(recorded.bucket, use, context);
  }

  #plans(bucket: string, use: SlotUse, context: CallContext): void {
    const { session } = this;
    const effect = effectOf(use, this.othersOn(bucket), session.known.ours);
    session.slots.plans(bucket, this.#by, use);
    if (!effect) return;
    const { wanting, fit, others } = effect;
    if (fit === 'in some order') {
      tell(context, 'warning', roomDependsOnOrder(bucket, wanting.makes, others));
      return;
    }
    const message = noRoomForOther(bucket, others, wanting);
    if (wanting.isAsked) refuse(new LifecycleError(message, { subject: 'bucket' }), context);
    else tell(context, 'warning', message);
  }
}
