import { parseArgs, type ParseArgsConfig } from 'node:util';
import { BUCKET_NAME } from '../contract/names.js';

/** One subcommand, a file of its own. */
export interface Subcommand {
  readonly name: string;
  /** One line of `--help`. */
  readonly summary: string;
  readonly usage: string;
  /** Ends the command with status 1 by throwing; a {@link UsageError} also prints the usage. */
  run(args: readonly string[]): Promise<void> | void;
}

/** The command line is wrong. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly usage: string,
  ) {
    super(message);
  }
}

/** Node's own parser, strict; what it does not accept is a {@link UsageError}. */
export function parse<Config extends Omit<ParseArgsConfig, 'args' | 'strict'>>(
  args: readonly string[],
  usage: string,
  config: Config,
): ReturnType<typeof parseArgs<Config & { args: string[]; strict: true }>> {
  try {
    return parseArgs({ ...config, args: [...args], strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), usage);
  }
}

/** What stands before the first `--`, and what after it: the command line of another program; null without one. */
export function splitAtDashes(
  args: readonly string[],
): [own: readonly string[], other: readonly string[] | null] {
  const dashes = args.indexOf('--');
  return dashes < 0 ? [args, null] : [args.slice(0, dashes), args.slice(dashes + 1)];
}

/** What every `--bucket` of a command says, each once. Throws a {@link UsageError} where one is no bucket's name. */
export function bucketNames(values: readonly string[], usage: string): readonly string[] {
  const wrong = values.find((value) => !BUCKET_NAME.test(value));
  if (wrong === undefined) return [...new Set(values)];
  throw new UsageError(
    `--bucket ${wrong} is not the name of a bucket: give 3 to 54 lowercase letters, digits and hyphens, with a letter ` +
      `or a digit at each end.`,
    usage,
  );
}
