import { checkJunit } from '../../../support/junit/check-junit.js';
import { type JobRun, type Run, runOnGithub } from '../../../support/pipeline/github.js';
import { type GitlabRun, runOnGitlab } from '../../../support/pipeline/gitlab.js';
import { contentOf } from '../../../support/pipeline/project.js';
import { BUCKET, type Job, Runner } from '../../../support/pipeline/runner.js';
import { useOnS3 } from '../../../support/s3-consumer.js';

const DAY = 86_400_000;

let runner: Runner;
beforeEach(async () => {
  runner = await Runner.open('pipeline');
});
afterEach(async () => {
  await runner.close();
});

const keyIds = () => runner.emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId);

/** Its consumer is at work. */
async function useAll(): Promise<void> {
  for (const pair of runner.emulator.keys(BUCKET)) await useOnS3(runner.emulator, BUCKET, pair);
}

/** The reports are there and tell of this key. */
function expectReports(reports: readonly (string | null)[], accessKeyId: string): void {
  const [xml, html] = reports;
  expect(checkJunit((xml ?? '').trimEnd()).children).not.toEqual([]);
  for (const report of [xml, html]) expect(report).toContain(accessKeyId);
}

/** What a job has written beside what was checked out; it changes nothing of that. */
function writtenBy(job: Job): readonly string[] {
  const now = contentOf(job.folder);
  for (const [path, digest] of Object.entries(job.checkedOut))
    expect([path, now[path]]).toEqual([path, digest]);
  return Object.keys(now).filter((path) => !(path in job.checkedOut));
}

const PLANNED = { Install: 0, Synthesize: 0, Plan: 0 };
const TO_APPLY = { ...PLANNED, Pack: 0 };
const APPLIED = { Unpack: 0, Apply: 0 };
const AUDITED = { Install: 0, Synthesize: 0, Audit: 0 };

const stepsOf = (run: Run) => Object.fromEntries(Object.entries(run).map(([id, { steps }]) => [id, steps]));
const saidBy = (run: JobRun | undefined) => run?.said ?? '';

test("pipeline's workflow for GitHub plans, applies what was approved, audits, and rotates by its schedule", async () => {
  const proposed = await runOnGithub(runner, 'pull_request');
  expect(stepsOf(proposed)).toEqual({ plan: PLANNED, audit: AUDITED });
  expect(saidBy(proposed.plan)).toContain('Plan: 2 to add');
  expect(keyIds()).toEqual([]);

  const declined = await runOnGithub(runner, 'push', { isApproved: false });
  expect(stepsOf(declined)).toEqual({ plan: TO_APPLY, audit: AUDITED });
  expect(keyIds()).toEqual([]);

  const merged = await runOnGithub(runner, 'push');
  expect(stepsOf(merged)).toEqual({ plan: TO_APPLY, apply: APPLIED, audit: AUDITED });
  const [first = ''] = keyIds();
  expect(keyIds()).toEqual([first]);
  expectReports(merged.audit?.reports ?? [], first);
  for (const { job } of Object.values(merged)) expect(writtenBy(job)).toEqual([]);
  await useAll();

  runner.emulator.age(91 * DAY);
  await useAll();
  const rotated = await runOnGithub(runner, 'schedule');
  expect(stepsOf(rotated)).toEqual({ plan: TO_APPLY, apply: APPLIED, audit: AUDITED });
  expect(keyIds()).toHaveLength(2);
  const second = keyIds().find((keyId) => keyId !== first) ?? '';
  expectReports(rotated.audit?.reports ?? [], second);

  runner.emulator.age(5 * DAY);
  const retired = await runOnGithub(runner, 'schedule');
  expect(stepsOf(retired)).toEqual({ plan: TO_APPLY, apply: APPLIED, audit: AUDITED });
  expect(keyIds()).toEqual([second]);

  const idle = await runOnGithub(runner, 'workflow_dispatch');
  expect(stepsOf(idle)).toEqual({ plan: PLANNED, audit: AUDITED });
  expect(saidBy(idle.plan)).toContain('No changes.');
});

test("pipeline's workflow for GitHub only plans and audits another branch, and fails with a stranger's key, which its reports name", async () => {
  const branch = await runOnGithub(runner, 'workflow_dispatch', { ref: 'refs/heads/feature' });
  expect(stepsOf(branch)).toEqual({ plan: PLANNED, audit: AUDITED });

  await runOnGithub(runner, 'push');
  const { accessKeyId } = runner.emulator.makeStrangerKey(BUCKET);
  const strange = await runOnGithub(runner, 'schedule');
  expect(stepsOf(strange)).toEqual({ plan: { ...PLANNED, Plan: 1 }, audit: { ...AUDITED, Audit: 2 } });
  expectReports(strange.audit?.reports ?? [], accessKeyId);
  expect(saidBy(strange.audit)).toContain(
    `unmanaged: Key ${accessKeyId} of bucket ${BUCKET} is in none of the given states`,
  );
});

test("pipeline's jobs for GitLab plan, wait for the button, apply and audit; the schedule repairs what has gone", async () => {
  const codesOf = (run: GitlabRun) =>
    Object.fromEntries(Object.entries(run).map(([name, { code }]) => [name, code]));
  const reportsOf = ({ audit }: GitlabRun) =>
    ['audit.xml', 'audit.html'].map((name) => audit?.job.file(name) ?? null);

  const proposed = await runOnGitlab(runner, 'merge_request_event');
  expect(codesOf(proposed)).toEqual({ plan: 0, audit: 0 });
  const waiting = await runOnGitlab(runner, 'push', { isPressed: false });
  expect(codesOf(waiting)).toEqual({ plan: 0 });
  expect(keyIds()).toEqual([]);

  const merged = await runOnGitlab(runner, 'push');
  expect(codesOf(merged)).toEqual({ plan: 0, apply: 0, audit: 0 });
  const [first = ''] = keyIds();
  expectReports(reportsOf(merged), first);
  expect(Object.values(merged).map(({ job }) => writtenBy(job))).toEqual([
    ['stack.tar.gz'],
    ['stack.tar.gz'],
    ['audit.html', 'audit.xml', 'stack.tar.gz'],
  ]);

  runner.emulator.deleteKey(BUCKET, first);
  const repaired = await runOnGitlab(runner, 'schedule', { isPressed: false });
  expect(codesOf(repaired)).toEqual({ plan: 0, apply: 0, audit: 0 });
  expect(keyIds()).toHaveLength(1);

  const { accessKeyId } = runner.emulator.makeStrangerKey(BUCKET);
  const strange = await runOnGitlab(runner, 'schedule');
  expect(codesOf(strange)).toEqual({ plan: 1, audit: 2 });
  expectReports(reportsOf(strange), accessKeyId);
});

test("pipeline's stack keeps its state in S3 where no other place is named", async () => {
  const job = runner.job();
  const script = `npm run synth && cd cdktf.out/stacks/pipeline && terraform init -backend=false && terraform validate`;
  const { code, stdout } = await job.shell(script, { STATE_BUCKET: 'states' });
  expect(code).toBe(0);
  expect(stdout).toContain('The configuration is valid');
  const stack = job.file('cdktf.out/stacks/pipeline/cdk.tf.json') ?? '';
  expect(JSON.parse(stack)).toMatchObject({
    terraform: {
      backend: { s3: { bucket: 'states', region: 'eu-central-1', encrypt: true, use_lockfile: true } },
    },
  });
});
