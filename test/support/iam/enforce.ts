import { Emulator, TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { Iam, OWNER } from './iam.js';

/**
 * Set up before every end-to-end test: each emulator lets its callers do what `lightsail-access-key policy` gives for
 * a destination outside of AWS, and nothing else, unless the test brings an {@link Iam} of its own. The one exception
 * is the {@link OWNER}, with whose key a test, or another provider, may do everything.
 */
const start = Emulator.start.bind(Emulator);

Emulator.start = (given) => {
  const options = given ?? {};
  const iam = new Iam(options.region ?? 'us-east-1');
  iam.grant('--destination', 'file');
  const credentials = [...(options.credentials ?? [TEST_CREDENTIALS]), OWNER];
  return start({ authorize: iam.authorize, ...options, credentials });
};
