import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { CallContext } from '../../plugin/index.js';
import type { Session } from '../session.js';

/** {@link Session.tellOfLeft}; what stands in its way stops no plan and no removal, and is said where it matters. */
export async function tellOfLeft(
  session: Session,
  step: Parameters<Session['tellOfLeft']>[0],
  context: CallContext,
): Promise<void> {
  try {
    await session.tellOfLeft(step, context);
  } catch (error) {
    if (!(error instanceof LifecycleError)) throw error;
  }
}
