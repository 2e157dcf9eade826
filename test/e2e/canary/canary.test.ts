import { formsOf } from '../../../src/secret/forms.js';
import {
  builtEdition,
  type Edition,
  mutatedEdition,
  type Mutation,
} from '../../support/reliability/edition.js';
import { ownForms, placesOf } from './scan.js';
import { CALLER, WatchedRun } from './watched-run.js';

const key = (secret: string, more = '') =>
  `resource "lightsail_bucket_access_key" "key" {\n bucket_name = "uploads"\n secret = ${secret}\n ${more}\n}
data "lightsail_bucket_access_keys" "all" {\n bucket_name = "others"\n}`;
const FILE = '{ file = { path = "key.json" } }';
const OTHER_FILE = '{ file = { path = "key.env", format = "env" } }';
const OUTPUT = '{ terraform_output = {} }';
const CREATE = 'CreateBucketAccessKey';

/** Where the caller's own credentials stand because their author wrote them there. */
const isConfiguration = (place: string) => /main\.tf$|\.tfplan(!.*)?$/.test(place);

async function whole(run: WatchedRun, routes: readonly [string, string]): Promise<string[]> {
  const places = new Set<string>();
  const look = () => {
    for (const place of placesOf(run.secrets, run.exhibits())) places.add(place);
  };
  const step = async (code: number, ...args: string[]) => {
    const outcome = await run.run(...args);
    if (outcome.code !== code)
      throw new Error(`terraform ${args.join(' ')}: ${outcome.stdout}${outcome.stderr}`);
    look();
  };
  const { faults } = run.emulator;
  await run.configure(key(routes[0], 'verify_timeout_seconds = 1'));
  await step(0, 'init', '-no-color');
  faults.add({ operation: CREATE, kind: 'key-not-accepted', ms: 60_000 });
  await step(1, 'apply', '-auto-approve');
  faults.add({ operation: CREATE, kind: 'truncate', framing: 'complete' });
  await step(1, 'apply', '-auto-approve');
  for (const { accessKeyId } of run.emulator.keys('uploads')) run.emulator.deleteKey('uploads', accessKeyId);
  faults.add({ operation: CREATE, kind: 'error', when: 'after', type: 'ServiceException', status: 500 });
  await step(1, 'apply', '-auto-approve');
  for (const { accessKeyId } of run.emulator.keys('uploads')) run.emulator.deleteKey('uploads', accessKeyId);
  await step(0, 'apply', '-auto-approve');
  await step(0, 'plan', '-out=same.tfplan');
  await run.configure(key(routes[1]));
  await step(0, 'plan', '-out=moved.tfplan');
  await step(0, 'apply', 'moved.tfplan');
  await step(0, 'apply', '-auto-approve', '-replace=lightsail_bucket_access_key.key');
  await step(0, 'destroy', '-auto-approve');
  return [...places].sort();
}

let edition: Edition;
let run: WatchedRun | undefined;
beforeAll(() => {
  edition = builtEdition();
});
afterAll(() => {
  edition.remove();
});
afterEach(async () => {
  await run?.end();
  run = undefined;
});

it('the forms that are searched for agree with those that another way of finding them gives', () => {
  const value = 'ab/cd+ef=gh"ij<kl>0123456789ABCDEFGHIJKL';
  const other = new Set(formsOf(value));
  for (const form of ownForms(value))
    expect(
      [...other].some((known) => known.includes(form) || form.includes(known)) || /^[\da-f]+$/.test(form),
    ).toBe(true);
});

it.each([
  ['a file', [FILE, OTHER_FILE] as const, /^stack\/(key\.json|key\.env)$/],
  [
    'the state',
    [OUTPUT, `{ terraform_output = {} }\n exclusive = true`] as const,
    /^stack\/terraform\.tfstate(\.backup)?$|^stack\/\w+\.tfplan(!tfstate(-prev)?|!tfplan)?$/,
  ],
])('the secret that goes to %s is nowhere else', async (_name, routes, allowed) => {
  run = await WatchedRun.begin(edition);
  const places = await whole(run, routes);
  expect(run.secrets.length).toBeGreaterThanOrEqual(5);
  expect(run.processesSeen).toBeGreaterThan(10);
  expect(run.exhibits().get('trace.log')?.length).toBeGreaterThan(100_000);
  expect(places.filter((place) => !allowed.test(place))).toEqual([]);
  // The scan has eyes: it does see the secret where it belongs.
  expect(places.filter((place) => allowed.test(place)).length).toBeGreaterThanOrEqual(2);
  expect(
    [...run.exhibits().keys()].filter((place) => /report\..*\.json|(^|\/)core(\.\d+)?$|crash/.test(place)),
  ).toEqual([]);
  const callers = placesOf([CALLER.secretAccessKey, CALLER.sessionToken], run.exhibits());
  expect(callers.filter((place) => !isConfiguration(place))).toEqual([]);
});

const leaks: readonly (readonly [string, Mutation, RegExp])[] = [
  [
    'the log',
    {
      module: 'lightsail/bucket-keys.ts',
      behind: 'real-bucket-keys.ts',
      text: `import { LightsailBucketKeys as Real } from './real-bucket-keys.js';
        export class LightsailBucketKeys extends Real {
          override async create() {
            const outcome = await super.create();
            if (outcome.outcome === 'created') {
              process.stderr.write('made ' + Buffer.from('a ' + outcome.secret.reveal()).toString('base64') + '\\n');
            }
            return outcome;
          }
        }`,
    },
    /^trace\.log$/,
  ],
  [
    'the state',
    {
      module: 'destinations/file.ts',
      behind: 'real-file.ts',
      text: `import { FileDestination as Real } from './real-file.js';
        export class FileDestination extends Real {
          override async promote(id: string) {
            const secret = await this.staged(id);
            const delivery = await super.promote(id);
            return secret ? { ...delivery, reference: '?' + encodeURIComponent(secret.reveal()) } : delivery;
          }
        }`,
    },
    /^stack\/terraform\.tfstate$/,
  ],
];

it.each(leaks)('a leak into %s is found', async (_name, mutation, where) => {
  const mutant = mutatedEdition(mutation);
  try {
    run = await WatchedRun.begin(mutant);
    await run.configure(key(FILE));
    await run.run('init', '-no-color');
    expect((await run.run('apply', '-auto-approve')).code).toBe(0);
    expect(placesOf(run.secrets, run.exhibits()).filter((place) => where.test(place))).not.toEqual([]);
  } finally {
    mutant.remove();
  }
});
