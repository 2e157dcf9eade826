import { render } from '../lifecycle/message.js';
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
