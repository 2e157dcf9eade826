import type { FileDestinationProps } from '../secret-destination.js';
import type { BindDestination } from './destination.js';
import { checkNotEmpty, checkOneOf } from './validation.js';

const FORMATS = ['sdk', 'env', 'credential_process', 'ini'];

export function fileDestination({ path, format }: FileDestinationProps): BindDestination {
  return () => ({
    route: 'file',
    arguments: { path, format },
    problems: [
      ...checkNotEmpty('The path of the file', path, 'Give the path of a file, such as ./uploads-key.json.'),
      ...checkOneOf('The format', format, FORMATS),
    ],
  });
}
