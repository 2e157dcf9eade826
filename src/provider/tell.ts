import { LifecycleError } from '../lifecycle/lifecycle-error.js';
import type { Subject } from '../lifecycle/lifecycle-error.js';
import { framed, render } from '../lifecycle/message.js';
import type { Message } from '../lifecycle/message.js';
import type { CallContext, Path } from '../plugin/index.js';

/** The one way by which a message reaches Terraform, and so its user. */
export function tell(
  { diagnostics }: Pick<CallContext, 'diagnostics'>,
  severity: 'error' | 'warning',
  message: Message,
  path?: Path,
): void {
  const { summary, detail } = render(message);
  diagnostics[severity](summary, detail, path);
}

/** Puts a failure of the lifecycle at the attribute that it is about; anything else is passed on. */
export function diagnose(error: unknown, context: CallContext): LifecycleError {
  if (!(error instanceof LifecycleError)) throw error;
  tell(context, 'error', error.said, PATHS[error.subject]);
  return error;
}

/** Terraform plans before it destroys, so what cannot be made stops a destroy, too. */
export function refuse(error: unknown, context: CallContext): LifecycleError {
  if (!(error instanceof LifecycleError)) throw error;
  const { said, subject } = error;
  const more = framed(said, '', 'A destroy that this stops gets past it with -refresh=false.');
  return diagnose(new LifecycleError(more, { subject }), context);
}

/**
 * The author has asked for nothing new, so what could not be looked at stays as it was, and blocks nothing: the next
 * plan looks again.
 */
export function leave(error: unknown, context: CallContext): void {
  if (!(error instanceof LifecycleError)) throw error;
  tell(context, 'warning', framed(error.said, '', 'The state stays as it is.'), PATHS[error.subject]);
}

/** Terraform 1.11 finds the source line of an argument, but not of a part of one. */
const PATHS: Readonly<Record<Subject, Path>> = {
  bucket: ['bucket_name'],
  destination: ['secret'],
  key: [],
  hook: ['hooks'],
};
