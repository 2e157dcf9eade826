import type { ApplyResult, CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
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
  const { diagnostics } = context;
  if (planned.passed === true) return { state: planned };
  if (planned.passed === false) {
    diagnostics.error(
      `The keys of bucket ${text(planned.bucket_name) ?? ''} do not pass the audit`,
      text(planned.finding) ?? '',
      ['managed_access_key_ids'],
    );
    return { state: prior };
  }
  const examined = await examine(planned, prior, session, context, 'apply');
  if (examined.kind === 'unknown') {
    diagnostics.error(
      'The audit has no bucket',
      'What bucket_name refers to has turned out to be null. No keys were compared. Give it a value that is never null.',
      ['bucket_name'],
    );
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
