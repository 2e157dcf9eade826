import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { CallContext, ObjectValue, Path } from '../../plugin/index.js';
import { pathOfRoute } from './route.js';

/** Puts a failure of the lifecycle at the attribute that it is about; anything else is passed on. */
export function diagnose(error: unknown, config: ObjectValue, { diagnostics }: CallContext): LifecycleError {
  if (!(error instanceof LifecycleError)) throw error;
  const paths: Record<typeof error.subject, Path> = {
    bucket: ['bucket_name'],
    destination: pathOfRoute(config.secret),
    key: [],
  };
  diagnostics.error(error.summary, error.detail, paths[error.subject]);
  return error;
}
