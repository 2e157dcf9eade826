import { type Edition, type Mutation } from '../../support/reliability/edition.js';
import { key, TRIAL } from './life.js';
import { removalContexts } from './scan.js';
import { WatchedRun } from './watched-run.js';

/** What a leaking provider does with each secret that it is about to write, and where the scan has to see that. */
export const LEAKS = {
  log: /^trace\.log$/,
  'log of a recovery': /^trace\.log$/,
  'temporary file': /^tmp\/left-behind$/,
  state: /^stack\/terraform\.tfstate$/,
  arguments: /^process \d+ \(arguments\)$/,
  environment: /^process \d+ \(environment\)$/,
  message: /terraform apply .*\(stderr\)$/,
} as const;
export type Leak = keyof typeof LEAKS;

/**
 * A provider that leaks every secret, whatever its destination, as the variable LEAK says; each in another form. In a
 * message, the redactor takes out every form that it knows: this one it does not.
 */
export const LEAKY: Mutation = {
  module: 'destinations/registry.ts',
  behind: 'real-registry.ts',
  text: `import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { openDestination as real } from './real-registry.js';

export { DESTINATIONS } from './real-registry.js';

const leaks: Record<string, (secret: string) => void> = {
  log: (secret) => process.stderr.write('made ' + Buffer.from('a ' + secret).toString('base64') + '\\n'),
  'temporary file': (secret) => writeFileSync(process.env.TMPDIR + '/left-behind', JSON.stringify({ secret })),
  arguments: (secret) => spawnSync('sleep', ['6'], { argv0: secret }),
  environment: (secret) => spawnSync('sleep', ['6'], { env: { ...process.env, SECRET: secret } }),
  message: (secret) => {
    throw new Error('cannot write ' + Array.from(secret).reverse().join(''));
  },
};

export async function openDestination(...args: Parameters<typeof real>): ReturnType<typeof real> {
  const destination = await real(...args);
  const leak = process.env.LEAK ?? '';
  let staged = '';
  const stage = destination.stage.bind(destination);
  destination.stage = async (pair) => {
    staged = pair.secretAccessKey.reveal();
    leaks[leak]?.(staged);
    return stage(pair);
  };
  const readBack = destination.staged.bind(destination);
  destination.staged = async (id) => {
    const secret = await readBack(id);
    if (secret && leak === 'log of a recovery') leaks.log?.(secret.reveal());
    return secret;
  };
  const promote = destination.promote.bind(destination);
  destination.promote = async (id) => {
    const delivery = await promote(id);
    return leak === 'state' ? { ...delivery, reference: '?' + encodeURIComponent(staged) } : delivery;
  };
  return destination;
}
`,
};

/** The places in which a leak into one place is seen. */
export async function placesOfLeak(
  leaky: Edition,
  leak: Leak,
  secret: string,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const run = await WatchedRun.begin(leaky, { ...env, LEAK: leak });
  try {
    await run.configure(key(secret));
    await run.run('init', '-no-color');
    if (leak === 'log of a recovery') await run.runUntil(TRIAL, 'apply', '-auto-approve');
    await run.run('apply', '-auto-approve');
    if (run.secrets.length === 0) throw new Error('There is no secret to leak.');
    return removalContexts(run.secrets, run.exhibits()).filter((place) => LEAKS[leak].test(place));
  } finally {
    await run.end();
  }
}
