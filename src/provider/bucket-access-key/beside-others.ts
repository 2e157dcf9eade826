import { givenUpBy, keysOf, withheld } from '../../lifecycle/decide-shared.js';
import type { Decision } from '../../lifecycle/decide.js';
import type { Conflict, KeyOwners } from '../../lifecycle/key-owners.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { Message } from '../../lifecycle/message.js';
import * as messages from '../../lifecycle/messages/owners.js';
import type { CallContext, ObjectValue, PrivateData } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { isSame, text } from '../values.js';
import { SlotsBesideOthers } from './slots-beside-others.js';
import { placeOf, sharedPlaceOf, noteDelivery } from './declared.js';
import { refuse } from './diagnose.js';
import { readMemory } from './memory.js';
import type { Recorded } from './recorded.js';

/** Null where the private data do not tell, or cannot be read: whoever needs more of them says so. */
export function resourceIn(privateData: PrivateData): string | null {
  try {
    return readMemory(privateData, {}).resource;
  } catch (error) {
    if (error instanceof LifecycleError) return null;
    throw error;
  }
}

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
  predecessorsAt(place: string | null): readonly string[] {
    if (this.recorded || place === null) return [];
    return this.#owners.predecessorsAt(place, this.#resource);
  }

  /** The keys of a resource that is made anew, where Terraform has handed on which one it is. */
  get own(): readonly string[] {
    return this.recorded ? [] : this.#owners.keysOf(this.#resource);
  }

  /** The decision, unless another resource keeps what it would give up. */
  settle(decision: Decision): Decision {
    const { recorded } = this;
    const keys = recorded ? keysOf(recorded) : this.#owners.keysOf(this.#resource);
    const goes = recorded ? givenUpBy(recorded, decision) : keys;
    for (const key of keys) {
      const conflict = this.#owners.conflict(this.#resource, key, goes.includes(key));
      if (conflict && (!this.#met || conflict !== 'shared')) this.#met = { conflict, key };
      this.#owners.plans(this.#resource, key, goes.includes(key) ? 'replaced' : 'kept');
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

const MESSAGES: Readonly<Record<Conflict, (bucket: string, key: string) => Message>> = {
  wanted: (bucket, key) => messages.wantedByNew(bucket, key, false),
  imported: messages.importedByAnother,
  goes: messages.goesWithAnother,
  withheld: messages.heldTwice,
  shared: messages.heldTwice,
};

/** The removal of a resource, beside the plans of others that have the same keys. */
export function removeBesideOthers(recorded: Recorded, session: Session, context: CallContext): void {
  const { attributes, bucket, memory } = recorded;
  keepKeys(attributes, session);
  new SlotsBesideOthers(recorded, memory.resource, session).removes(recorded, context);
  const owner = { resource: memory.resource, keys: keysOf(recorded), place: sharedPlaceOf(attributes) };
  const met = session.owners.remove(owner);
  if (!met) return;
  const isWanted = met.conflict === 'wanted';
  const message = isWanted
    ? messages.wantedByNew(bucket, met.key, true)
    : MESSAGES[met.conflict](bucket, met.key);
  refuse(new LifecycleError(message), context);
}

/** A state holds these keys, and keeps them unless the decision says otherwise. */
export function keepKeys(state: ObjectValue, session: Session): void {
  const [current, previous] = [text(state.access_key_id), text(state.previous_access_key_id)];
  if (previous !== null) session.keeps(previous, null);
  if (current === null) return;
  session.keeps(current, placeOf(state));
  noteDelivery(state, session);
}
