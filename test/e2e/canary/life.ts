import { removalContexts } from './scan.js';
import type { Outcome } from '../../support/terraform.js';
import { CALLER, type WatchedRun } from './watched-run.js';

const CREATE = 'CreateBucketAccessKey';
/** What S3 is asked with a new pair once it is staged: consumers do not see it yet. */
export const TRIAL = 'ListObjectsV2';

/** A destination, and what can go wrong at it once a key has been made. */
export interface Route {
  /** The values of `secret` through which the key goes, mostly one for each format. */
  readonly secrets: readonly string[];
  /** Each makes the destination refuse the next pair, in a way of its own, and answers how to end that. */
  readonly refusals?: readonly (() => () => void)[];
  /** The exhibits in which the author has asked for the secret. */
  readonly allowed?: RegExp;
  /** What a consumer reads at the end of each apply, where no exhibit is allowed to hold it. */
  readonly consumed?: () => Promise<string | null>;
}

/** Mostly one key after the other: with an overlap, the bucket would have no room for the next move. */
export function key(secret: string, more = '', turn = 1, overlapHours = 0): string {
  return `resource "lightsail_bucket_access_key" "key" {
  bucket_name = "uploads"
  secret {
    ${secret}
  }
  rotation {
    overlap_hours = ${overlapHours}
    keepers       = { turn = ${turn} }
  }
  ${more}
}
data "lightsail_bucket_access_keys" "all" {\n bucket_name = "others"\n}`;
}

/**
 * Failing creations, a creation that is killed and finished by the next run, moves through all formats by saved plan
 * and without, replacement in both orders, rotation with an overlap, destruction; after each step everything that was written and printed is searched for every secret made so far.
 * Answers the places in which one stood.
 */
export async function placesInLife(run: WatchedRun, route: Route): Promise<string[]> {
  const places = new Set<string>();
  let turn = 1;
  let overlapHours = 0;
  const judge = ({ code, stdout, stderr }: Outcome, expected: number, args: readonly string[]) => {
    if (code !== expected) throw new Error(`terraform ${args.join(' ')}: ${stdout}${stderr}`);
    for (const place of removalContexts(run.secrets, run.exhibits())) places.add(place);
  };
  const step = async (code: number, ...args: string[]) => {
    judge(await run.run(...args), code, args);
  };
  const isKilledOnceStaged = async (...args: string[]) => {
    const made = run.secrets.length;
    judge(await run.runUntil(TRIAL, ...args), 1, args);
    if (run.secrets.length === made) throw new Error('It was killed before there was a secret.');
  };
  const failsWithKey = async (end: () => void) => {
    const made = run.secrets.length;
    await step(1, 'apply', '-auto-approve');
    if (run.secrets.length === made) throw new Error('It failed before there was a secret.');
    end();
    for (const { accessKeyId } of run.emulator.keys('uploads'))
      run.emulator.deleteKey('uploads', accessKeyId);
  };
  const deliversTo = async (secret: string, more: string, ...args: string[]) => {
    await run.configure(key(secret, more, turn, overlapHours));
    await step(0, ...args);
    if (route.consumed && !(await route.consumed())?.includes(run.secrets.at(-1) ?? '')) {
      throw new Error('No consumer finds the newest secret.');
    }
  };

  const [first = '', second = first, ...others] = route.secrets;
  await run.configure(key(first, 'verify_timeout_seconds = 1'));
  await step(0, 'init', '-no-color');
  for (const refuse of route.refusals ?? []) await failsWithKey(refuse());
  const { faults } = run.emulator;
  for (const fault of [
    { kind: 'key-not-accepted', ms: 60_000 },
    { kind: 'truncate', framing: 'complete' },
    { kind: 'error', when: 'after', type: 'ServiceException', status: 500 },
  ] as const) {
    faults.add({ operation: CREATE, ...fault });
    await failsWithKey(() => {
      faults.clear();
    });
  }

  await run.configure(key(first));
  await isKilledOnceStaged('apply', '-auto-approve');
  await deliversTo(first, '', 'apply', '-auto-approve');
  // A destination without a journal names the dead run's key, and leaves it to whoever reads that.
  for (const { accessKeyId, secretAccessKey } of run.emulator.keys('uploads'))
    if (secretAccessKey !== run.secrets.at(-1)) run.emulator.deleteKey('uploads', accessKeyId);
  await step(0, 'plan', '-out=same.tfplan');
  // The state has no other place or format to move to.
  turn += 1;
  await run.configure(key(second, 'exclusive = true', turn));
  await step(0, 'plan', '-out=moved.tfplan');
  await deliversTo(second, 'exclusive = true', 'apply', 'moved.tfplan');
  for (const other of others) await deliversTo(other, '', 'apply', '-auto-approve');
  const last = others.at(-1) ?? second;
  const replace = ['apply', '-auto-approve', '-replace=lightsail_bucket_access_key.key'];
  await deliversTo(last, '', ...replace);
  await deliversTo(last, 'lifecycle { create_before_destroy = true }', ...replace);
  turn += 1;
  overlapHours = 24;
  await deliversTo(last, '', 'apply', '-auto-approve');
  if (run.emulator.keys('uploads').length !== 2) throw new Error('There is no overlap.');
  await step(0, 'destroy', '-auto-approve');
  return [...places].sort();
}

/** The secret is where it was asked for, and nowhere else; nor are those of the caller printed. */
export async function expectNoLeak(run: WatchedRun, route: Route): Promise<void> {
  const places = await placesInLife(run, route);
  const { allowed } = route;
  // Three failures, a creation, a move, two replacements and a rotation at the least.
  expect(run.secrets.length).toBeGreaterThanOrEqual(8);
  expect(run.processesSeen).toBeGreaterThan(10);
  expect(run.exhibits().get('trace.log')?.length).toBeGreaterThan(100_000);
  expect(places.filter((place) => !allowed?.test(place))).toEqual([]);
  // The scan has eyes: it does see the secret where it belongs.
  if (allowed) expect(places.filter((place) => allowed.test(place)).length).toBeGreaterThanOrEqual(1);
  expect(
    [...run.exhibits().keys()].filter((place) => /report\..*\.json|(^|\/)core(\.\d+)?$|crash/.test(place)),
  ).toEqual([]);
  const callers = removalContexts([CALLER.secretAccessKey, CALLER.sessionToken], run.exhibits());
  expect(callers.filter((place) => !isConfiguration(place))).toEqual([]);
}

/** Where the caller's own credentials stand because their author wrote them there. */
function isConfiguration(place: string): boolean {
  return /main\.tf$|\.tfplan(!.*)?$/.test(place);
}
