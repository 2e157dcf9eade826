import type { FileDestinationProps } from '../secret-destination-props.js';
import { checkAgeRecipients } from './age-recipients.js';
import type { BindDestination } from './destination.js';
import { checkFormat, checkNotEmpty } from './validation.js';

export function fileDestination({ path, format, ageRecipients }: FileDestinationProps): BindDestination {
  return () => ({
    route: 'file',
    arguments: { path, format, age_recipients: ageRecipients },
    problems: [
      ...checkNotEmpty('The path of the file', path, 'Give the path of a file, such as ./uploads-key.json.'),
      ...checkFormat(format),
      ...checkAgeRecipients(ageRecipients),
    ],
  });
}
