import type { ApplyResult, CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import { auditNotPassed, auditOfNoBucket } from '../messages.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { text } from '../values.js';
import { examine } from './examine.js';
import { PASSED } from './plan.js';

export const createAudit: ManagedResource<Session>['create'] = ({ planned }, session, context) =>
  settle(planned, null, session, context);

export const updateAudit: ManagedResource<Session>['update'] = ({ planned, prior }, session, context) =>
  settle(planned, prior, session, context);

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
