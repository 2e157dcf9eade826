import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../provider-build.js';
import { terraformBinary } from '../tools.js';

const FOLDER = join(repository, 'docs/reliability');

/** Prints a result, and writes it into the documentation where RELIABILITY_UPDATE is set. */
export function publish(name: string, text: string): void {
  // The test runner would put its own frame around console.log.
  process.stdout.write(`\n${text}\n`);
  if (!process.env.RELIABILITY_UPDATE) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, name), `<!-- Written by a test, not by hand. -->\n\n${text}\n`);
}

/** What the figures were taken on. */
export function surroundings(providerVersion: string): string {
  const said = execFileSync(terraformBinary(), ['version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
  return `${said.split('\n')[0] ?? ''}, Node.js ${process.version}, provider ${providerVersion}`;
}
