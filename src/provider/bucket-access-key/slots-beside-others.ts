import { newKeyIn } from '../../lifecycle/decide.js';
import { keysOf } from '../../lifecycle/decide-shared.js';
import type { Decision } from '../../lifecycle/decide.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { noRoomForOther, roomDependsOnOrder, rotationNeedsASlot } from '../../lifecycle/messages/slots.js';
import { AT_APPLY } from '../../lifecycle/resource.js';
import type { Configuration } from '../../lifecycle/resource.js';
import { slotUseOf } from '../../lifecycle/slot-use.js';
import { effectOf, NO_OTHERS, rotatesBeside } from '../../lifecycle/slots.js';
import type { OtherUses, SlotUse } from '../../lifecycle/slots.js';
import type { CallContext } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { refuse } from './diagnose.js';
import type { Recorded } from './recorded.js';

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
    // A resource of which nobody has written down which one it is may be made anew: its keys cannot be told from others.
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
