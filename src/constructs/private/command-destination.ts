import type { CommandDestinationProps } from '../secret-destination-props.js';
import type { BindDestination } from './destination.js';
import { checkFormat, checkProgram } from './validation.js';

const NOWHERE = {
  otherwise: "the access key's secret would have nowhere to go",
  example: '["./store-key.sh", "--vault", "CI"]',
};

export function commandDestination(props: CommandDestinationProps): BindDestination {
  const { write, delete: remove, format } = props;
  return () => ({
    route: 'command',
    arguments: { write, delete: remove, format },
    problems: [
      ...checkProgram('write', write, NOWHERE),
      ...checkProgram('delete', remove, NOWHERE),
      ...checkFormat(format),
    ],
  });
}
