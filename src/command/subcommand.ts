import { parseArgs, type ParseArgsConfig } from 'node:util';

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
