import { type EmulatorOptions, type LightsailCall } from '../options.js';
import { ServiceError } from '../service-error.js';
import { ACCOUNT_ID } from '../state/account.js';

/** Refuses in IAM's words what the caller may not do. */
export function assertAuthorized(call: LightsailCall, authorize: EmulatorOptions['authorize']): void {
  if (!authorize || authorize(call)) return;
  const action = `lightsail:${call.operation}`;
  throw new ServiceError(
    'AccessDeniedException',
    `User: arn:aws:iam::${ACCOUNT_ID}:user/emulator is not authorized to perform: ${action} on resource: ` +
      `${call.bucketArn ?? '*'} because no identity-based policy allows the ${action} action`,
  );
}
