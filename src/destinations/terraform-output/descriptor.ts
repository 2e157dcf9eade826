import { AGE_RECIPIENTS } from '../descriptor.js';
import type { Descriptor } from '../descriptor.js';

const ARGUMENTS = { age_recipients: AGE_RECIPIENTS };
export type OutputArguments = typeof ARGUMENTS;

export const terraformOutput: Descriptor<OutputArguments> = {
  name: 'terraform_output',
  description: 'Into the sensitive attribute `secret_access_key`, and so into the state.',
  arguments: ARGUMENTS,
  isState: true,
  reading: {
    isPossible: false,
    why: 'Under terraform_output the secret of a key is in its own attribute and in no store.',
    instead: 'Refer to secret_access_key of the key, or send it to one of',
  },
  load: () => import('./store.js'),
};
