import { NOWHERE } from '../../destinations/nowhere.js';
import { unmanagedKeys } from '../../lifecycle/known-keys.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { listKeysIfThere } from '../../lifecycle/list-keys.js';
import { framed, render } from '../../lifecycle/message.js';
import type { Message } from '../../lifecycle/message.js';
import { unmanagedFound } from '../../lifecycle/messages/refresh.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { ApplyResult, CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Phase } from '../listings.js';
import { auditNotPassed, auditOfNoBucket, auditWithoutBucket } from '../messages.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { isSame, strings, text } from '../values.js';

/**
 * What is found fails nothing here: Terraform makes a normal plan before a destroy, and an error would block it.
 * `passed` is planned as false, which a postcondition turns into the error of a plan, and `settle` into an apply's.
 */
export const planAudit: ManagedResource<Session>['plan'] = async (
  { config, prior, proposed, privateData },
  session,
  context,
) => {
  const audit: ObjectValue = { ...proposed, on_unmanaged_key: config.on_unmanaged_key ?? 'fail' };
  if (prior && !isSame(prior.bucket_name, audit.bucket_name)) {
    // Terraform asks again, for an audit without a prior state.
    return { planned: { ...audit, ...UNDECIDED }, requiresReplace: [['bucket_name']], privateData };
  }
  const examined = await examine(audit, prior, session, context, 'plan');
  const isWarning = audit.on_unmanaged_key === 'warn';
  // Also where it fails the apply: only a postcondition makes an error of this plan, and not everybody writes one.
  if (examined.kind === 'found') {
    tell(context, 'warning', isWarning ? examined.said : framed(examined.said, '', FAILS));
  } else if (examined.kind === 'no bucket' && prior) {
    tell(context, 'warning', examined.said);
  }
  const verdict = isWarning ? PASSED : verdictOf(examined, audit, prior);
  return { planned: { ...audit, ...verdict }, privateData };
};

export const createAudit: ManagedResource<Session>['create'] = ({ planned }, session, context) =>
  settle(planned, null, session, context);

export const updateAudit: ManagedResource<Session>['update'] = ({ planned, prior }, session, context) =>
  settle(planned, prior, session, context);

const PASSED: ObjectValue = { passed: true, finding: '' };
const FAILS = 'Until then this audit fails the apply (on_unmanaged_key = "fail").';
const UNDECIDED: ObjectValue = { passed: UNKNOWN, finding: UNKNOWN };

/** While something changes it stays open: keys come and go in that apply, which looks again. */
function verdictOf(examined: Examined, audit: ObjectValue, prior: ObjectValue | null): ObjectValue {
  if (audit.on_unmanaged_key === UNKNOWN) return UNDECIDED;
  if (examined.kind === 'found') {
    const { summary, detail } = render(framed(examined.said, '', ofNew(prior)));
    return { passed: false, finding: `${summary}. ${detail}` };
  }
  const changes =
    !prior ||
    ['managed_access_key_ids', 'on_unmanaged_key'].some((name) => !isSame(prior[name], audit[name]));
  return changes ? UNDECIDED : PASSED;
}

/** A new audit knows nothing of the keys before it. */
function ofNew(prior: ObjectValue | null): string {
  return prior
    ? ''
    : 'If this very run will remove or replace it, add the audit afterwards, or let it warn until then.';
}

/** What does not pass is not saved, so that it is still to be settled by the next apply. */
async function settle(
  planned: ObjectValue,
  prior: ObjectValue | null,
  session: Session,
  context: CallContext,
): Promise<ApplyResult> {
  if (planned.passed === true) return { state: planned };
  if (planned.passed === false) {
    const said = auditNotPassed(text(planned.bucket_name) ?? '', text(planned.finding) ?? '');
    tell(context, 'error', said, ['managed_access_key_ids']);
    return { state: prior };
  }
  const examined = await examine(planned, prior, session, context, 'apply');
  if (examined.kind === 'unknown') {
    tell(context, 'error', auditOfNoBucket(), ['bucket_name']);
    return { state: prior };
  }
  if (examined.kind === 'found' || examined.kind === 'no bucket') {
    if (planned.on_unmanaged_key === 'fail' || examined.kind === 'no bucket') {
      tell(context, 'error', examined.said, ['bucket_name']);
      return { state: prior };
    }
    tell(context, 'warning', examined.said);
  }
  return { state: { ...planned, ...PASSED } };
}

type Examined =
  | { readonly kind: 'clean' }
  /** Unmanaged keys; or it cannot be told, and then nothing may pass. */
  | { readonly kind: 'found'; readonly said: Message }
  /** AWS is not to be asked yet. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'no bucket'; readonly said: Message };

/**
 * Lists the bucket's keys and takes away the managed ones. The keys of the prior state count once more:
 * one that this run removes or replaces may live until the audit is done, and is judged from the next run on.
 */
async function examine(
  audit: ObjectValue,
  prior: ObjectValue | null,
  session: Session,
  context: CallContext,
  phase: Phase,
): Promise<Examined> {
  const bucket = text(audit.bucket_name);
  if (session.isIncomplete || bucket === null) return { kind: 'unknown' };
  const declared = [audit, prior].flatMap((state) => strings(state?.managed_access_key_ids) ?? []);
  try {
    const { keys, known } = await session.keyContext(bucket, NOWHERE, context, { phase });
    // In turn: in between, another resource's new key would look like a stranger's.
    return await session.inTurn(bucket, async () => {
      const listing = await listKeysIfThere(keys);
      if (!listing) return { kind: 'no bucket', said: auditWithoutBucket(keys) };
      const unmanaged = unmanagedKeys(listing, declared, known);
      return unmanaged.length > 0
        ? { kind: 'found', said: unmanagedFound(keys, unmanaged, listing.asOf) }
        : { kind: 'clean' };
    });
  } catch (error) {
    if (error instanceof LifecycleError) return { kind: 'found', said: error.said };
    throw error;
  }
}
