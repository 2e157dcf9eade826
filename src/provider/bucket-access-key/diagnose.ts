import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { Subject } from '../../lifecycle/lifecycle-error.js';
import type { CallContext, Path } from '../../plugin/index.js';

/** Terraform 1.11 finds the source line of an argument, but not of a part of one. */
const PATHS: Readonly<Record<Subject, Path>> = {
  bucket: ['bucket_name'],
  destination: ['secret'],
  key: [],
  hook: ['hooks'],
};

/** Terraform plans before it destroys, so what cannot be made stops a destroy, too. */
export function refuse(error: unknown, context: CallContext): LifecycleError {
  if (!(error instanceof LifecycleError)) throw error;
  const { summary, detail, subject } = error;
  const more = `${detail} (A destroy that this stops gets past it with -refresh=false.)`;
  return diagnose(new LifecycleError(summary, more, { subject }), context);
}

/** Puts a failure of the lifecycle at the attribute that it is about; anything else is passed on. */
export function diagnose(error: unknown, { diagnostics }: CallContext): LifecycleError {
  if (!(error instanceof LifecycleError)) throw error;
  diagnostics.error(error.summary, error.detail, PATHS[error.subject]);
  return error;
}
