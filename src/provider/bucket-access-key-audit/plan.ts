import { UNKNOWN } from '../../plugin/index.js';
import { framed, render } from '../../lifecycle/message.js';
import type { ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { isSame } from '../values.js';
import { examine } from './examine.js';
import type { Examined } from './examine.js';

export const PASSED: ObjectValue = { passed: true, finding: '' };
const UNDECIDED: ObjectValue = { passed: UNKNOWN, finding: UNKNOWN };

/**
 * What is found fails nothing here: Terraform makes a normal plan before a destroy, and an error would block it.
 * `passed` is planned as false, which a postcondition turns into the error of a plan, and `apply.ts` into an apply's.
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
  if ((examined.kind === 'found' && isWarning) || (examined.kind === 'no bucket' && prior)) {
    tell(context, 'warning', examined.said);
  }
  const verdict = isWarning ? PASSED : verdictOf(examined, audit, prior);
  return { planned: { ...audit, ...verdict }, privateData };
};

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
