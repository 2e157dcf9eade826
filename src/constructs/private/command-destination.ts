import { Token } from 'cdktf';
import type { CommandDestinationProps } from '../secret-destination-props.js';
import type { BindDestination } from './destination.js';
import { checkFormat, type Problems } from './validation.js';

export function commandDestination(props: CommandDestinationProps): BindDestination {
  const { write, delete: remove, format } = props;
  return () => ({
    route: 'command',
    arguments: { write, delete: remove, format },
    problems: [...checkArgv('write', write), ...checkArgv('delete', remove), ...checkFormat(format)],
  });
}

function checkArgv(name: string, argv: readonly string[] | undefined): Problems {
  if (argv === undefined || Token.isUnresolved(argv)) return [];
  const [program = ''] = argv;
  if (Token.isUnresolved(program) || program.trim() !== '') return [];
  return [
    `${name} names no program, so the access key's secret would have nowhere to go. ` +
      `Give the program and its arguments as a list, such as ["./store-key.sh", "--vault", "CI"]; no shell reads it.`,
  ];
}
