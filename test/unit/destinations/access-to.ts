import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsAccess } from '../../../src/aws/access.js';

const quiet = () => undefined;

/** Access to a service of AWS that a server at this address plays. */
export function accessTo(endpoint: () => string): AwsAccess {
  return {
    region: () => Promise.resolve('eu-central-1'),
    clientOptions: (_, attempts = 5) =>
      Promise.resolve({
        region: 'eu-central-1',
        endpoint: endpoint(),
        maxAttempts: attempts,
        logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
        requestHandler: new NodeHttpHandler(),
        credentials: { accessKeyId: 'AKIAOPERATOROPERATOR', secretAccessKey: 'operator' },
      }),
  };
}
