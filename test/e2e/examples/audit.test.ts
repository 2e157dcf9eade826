import { join } from 'node:path';
import { succeeds } from '../../support/command.js';
import { Example } from '../../support/example.js';
import { repository } from '../../support/provider-build.js';
import type { Pair } from '../../support/s3-consumer.js';

const BUCKETS = ['my-backups', 'my-logs', 'my-uploads'];
const DAY = 86_400_000;

let example: Example;
beforeEach(async () => {
  example = await Example.open('audit', { buckets: BUCKETS });
  await example.apply();
});
afterEach(async () => {
  await example.close();
});

/** Somebody else's key, used on S3, twelve days ago. */
async function strangerOn(bucket: string): Promise<Pair> {
  const pair = example.emulator.makeStrangerKey(bucket);
  await example.use(pair, bucket);
  example.emulator.age(12 * DAY);
  return pair;
}

/** As after a change of the environment in which the reader runs `cdktf synth`. */
async function synthesizeWith(env: Readonly<Record<string, string>>): Promise<void> {
  await succeeds(process.execPath, [join(repository, 'scripts/run-example.mjs'), 'audit'], {
    cwd: example.folder,
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: example.folder, ...example.emulator.env, ...env },
  });
}

/** How a finding names a key: its age, and who used it last, when and where. */
const described = ({ accessKeyId }: Pair) =>
  new RegExp(`${accessKeyId} \\(Active, made \\S+, 12 days ago, last used \\S+ by s3 in us-east-1\\)`);

test('audit passes with the declared keys of three buckets, and with those of other stacks by their IDs', async () => {
  for (const [bucket, count] of Object.entries({ 'my-uploads': 2, 'my-backups': 1, 'my-logs': 1 })) {
    expect(example.keyIds(bucket)).toHaveLength(count);
  }
  expect(await example.planAgain()).toMatchObject({ code: 0 });

  const theirs = await strangerOn('my-backups');
  const failed = await example.planAgain();
  expect(failed.code).toBe(1);
  expect(failed.said).toContain(
    `Bucket my-backups holds a key that no resource declares: ${theirs.accessKeyId}`,
  );
  expect(failed.said).toMatch(described(theirs));
  expect(failed.said).toContain(
    `delete it: aws lightsail delete-bucket-access-key --region us-east-1 --bucket-name my-backups --access-key-id ${theirs.accessKeyId}`,
  );

  await synthesizeWith({ OTHER_KEY_IDS: theirs.accessKeyId });
  await example.apply();
  expect(await example.planAgain()).toMatchObject({ code: 0 });
  expect(example.keyIds('my-backups')).toContain(theirs.accessKeyId);
});

test('audit only warns of a key on the bucket that is still being tidied up', async () => {
  const stranger = await strangerOn('my-logs');
  const { code, said } = await example.planAgain();
  expect(code).toBe(0);
  expect(said).toContain(
    `Warning: Bucket my-logs holds a key that no resource declares: ${stranger.accessKeyId}`,
  );
  expect(said).toMatch(described(stranger));
});

test("audit does not block a destroy that it would fail, and the stranger's key outlives it", async () => {
  const [failing, warning] = [await strangerOn('my-backups'), await strangerOn('my-logs')];
  expect(await example.planAgain()).toMatchObject({ code: 1 });
  await example.terraform.succeeds('destroy', '-auto-approve', '-no-color');
  expect((await example.terraform.succeeds('state', 'list')).stdout).toBe('');
  expect(BUCKETS.map((bucket) => example.keyIds(bucket))).toEqual([
    [failing.accessKeyId],
    [warning.accessKeyId],
    [],
  ]);
});
