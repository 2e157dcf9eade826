import { asStarted } from '../../program/as-started.js';
import { FORMAT } from '../descriptor.js';
import type { Descriptor } from '../descriptor.js';

const ARGUMENTS = {
  write: {
    type: 'list',
    isRequired: true,
    description: 'The program that takes a pair, and its arguments; no shell reads them.',
  },
  delete: {
    type: 'list',
    description: 'The program that removes a pair; without it, what was written stays.',
    change: 'treatment',
  },
  format: FORMAT,
} as const;
export type CommandArguments = typeof ARGUMENTS;

export const command: Descriptor<CommandArguments> = {
  name: 'command',
  description: 'To a program of your own, as JSON on its standard input.',
  arguments: ARGUMENTS,
  isMute: true,
  reading: {
    isPossible: false,
    why: 'The pair was handed to a program of your own, and this provider cannot read it back.',
    instead: 'Read it with the means of the system that has it, or send the key to one of',
  },
  resolve: ({ write }) => ({ write: asStarted(write) }),
  load: () => import('./store.js'),
};
