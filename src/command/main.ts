#!/usr/bin/env node
import { audit } from './audit.js';
import { emulator } from './emulator.js';
import { mirror } from './mirror.js';
import { policy } from './policy.js';
import { PACKAGE_VERSION } from '../contract/names.js';
import { splitAtDashes, type Subcommand, UsageError } from './subcommand.js';
import { tryIt } from './try.js';

/** In the order of `--help`. */
const subcommands: readonly Subcommand[] = [tryIt, audit, mirror, policy, emulator];

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === '--help' || name === '-h') {
    console.log(usage());
  } else if (name === '--version') {
    console.log(PACKAGE_VERSION);
  } else {
    const subcommand = subcommands.find((candidate) => candidate.name === name);
    if (subcommand === undefined) {
      throw new UsageError(
        name === undefined ? 'No subcommand given.' : `Unknown subcommand: ${name}`,
        usage(),
      );
    }
    const [own] = splitAtDashes(args);
    if (own.includes('--help') || own.includes('-h')) console.log(subcommand.usage);
    else await subcommand.run(args);
  }
}

function usage(): string {
  const width = Math.max(...subcommands.map(({ name }) => name.length));
  const lines = subcommands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: lightsail-access-key SUBCOMMAND …

${lines.join('\n')}

lightsail-access-key SUBCOMMAND --help explains one; --version prints the version.`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof UsageError) console.error(`\n${error.usage}`);
  process.exitCode = 1;
});
