import { DestinationError } from '../lifecycle/destination.js';
import type { Destination, Holding } from '../lifecycle/destination.js';
import type { Descriptor, DestinationChoice } from './descriptor.js';

/** Not in the registry: it cannot be written, it is what a key without `secret` has. */
const nowhere: Descriptor = {
  name: 'none',
  description: 'Of a key whose secret was never sent anywhere.',
  arguments: {},
  reading: { isPossible: false, why: 'The secret was never sent anywhere.', instead: 'Send it to one of' },
  load: () => Promise.resolve({ open: () => new Nowhere() }),
};

export const NOWHERE: DestinationChoice = {
  destination: nowhere,
  given: {},
  current: { key: null, reference: null },
};

/** Of a key whose secret was never sent anywhere (imported). It takes nothing, so no key is ever made for it. */
export class Nowhere implements Destination {
  readonly title = 'no destination';
  readonly isNowhere = true;
  readonly reference = null;
  readonly journal = null;

  check(): Promise<void> {
    return Promise.reject(
      new DestinationError('There is no destination for the secret.', 'Give secret one of its members.'),
    );
  }

  read(): Promise<Holding> {
    return Promise.resolve({ current: null });
  }

  stage(): Promise<void> {
    return this.check();
  }

  staged(): Promise<null> {
    return Promise.resolve(null);
  }

  async promote(): Promise<never> {
    await this.check();
    throw new Error('unreachable');
  }

  discard(): Promise<void> {
    return Promise.resolve();
  }

  remove(): Promise<'absent'> {
    return Promise.resolve('absent');
  }
}
