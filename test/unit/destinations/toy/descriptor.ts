import { FORMAT } from '../../../../src/destinations/descriptor.js';
import type { Descriptor } from '../../../../src/destinations/descriptor.js';
import { allow } from '../../../../src/destinations/policy.js';

const ARGUMENTS = {
  shelf: { type: 'text', isRequired: true, description: 'Name of the shelf, however it is spelt.' },
  colour: { type: 'text', description: 'Of the box.', oneOf: ['red', 'blue'], change: 'next pair' },
  format: FORMAT,
} as const;
export type ToyArguments = typeof ARGUMENTS;

export const toy: Descriptor<ToyArguments> = {
  name: 'toy_shelf',
  description: 'Onto a shelf of toys.',
  arguments: ARGUMENTS,
  reading: { isPossible: true },
  resolve: ({ shelf }) => ({ shelf: shelf.toLowerCase() }),
  policy: {
    options: { shelf: { letter: 'S', help: "the shelf's name", isRequired: true } },
    statements: ({ shelf = '' }) => [allow('PutToys', ['toys:PutToy'], [shelf])],
  },
  load: () => import('./store.js'),
};
