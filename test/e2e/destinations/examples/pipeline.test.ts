import { checkJunit } from '../../../support/junit/check-junit.js';
import { environmentFor, githubText, runOnGithub, workflow } from '../../../support/pipeline/github.js';
import { gitlabJobs, runOnGitlab } from '../../../support/pipeline/gitlab.js';
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

/** The artifacts are there and tell of this key. */
function expectReports(job: Job, accessKeyId: string): void {
  expect(checkJunit((job.file('audit.xml') ?? '').trimEnd()).children).not.toEqual([]);
  for (const name of ['audit.xml', 'audit.html']) expect(job.file(name)).toContain(accessKeyId);
}

const passed = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 0]));
const PREPARED = ['Install', 'Synthesize', 'Initialize'];

test("pipeline's workflow for GitHub plans, applies, audits, and rotates by its schedule", async () => {
  const proposed = await runOnGithub(runner, 'pull_request');
  expect(proposed.steps).toEqual(passed(...PREPARED, 'Plan', 'Audit'));
  expect(proposed.said).toContain('Plan: 2 to add');
  expect(keyIds()).toEqual([]);

  const merged = await runOnGithub(runner, 'push');
  expect(merged.steps).toEqual(passed(...PREPARED, 'Plan', 'Apply', 'Audit'));
  const [first = ''] = keyIds();
  expectReports(merged.job, first);
  await useAll();

  const idle = await runOnGithub(runner, 'schedule');
  expect(idle.steps).toEqual(passed(...PREPARED, 'Plan', 'Audit'));
  expect(idle.said).toContain('No changes.');

  runner.emulator.age(91 * DAY);
  await useAll();
  const rotated = await runOnGithub(runner, 'schedule');
  expect(rotated.steps).toEqual(passed(...PREPARED, 'Plan', 'Apply', 'Audit'));
  expect(keyIds()).toHaveLength(2);
  const second = keyIds().find((keyId) => keyId !== first) ?? '';
  expectReports(rotated.job, second);

  runner.emulator.age(5 * DAY);
  const retired = await runOnGithub(runner, 'schedule');
  expect(retired.steps).toEqual(passed(...PREPARED, 'Plan', 'Apply', 'Audit'));
  expect(keyIds()).toEqual([second]);
});

test("pipeline's workflow for GitHub, started by hand, applies main, and only plans and audits any other branch", async () => {
  const branch = await runOnGithub(runner, 'workflow_dispatch', 'refs/heads/feature');
  expect(branch.steps).toEqual(passed(...PREPARED, 'Plan', 'Audit'));
  expect(branch.said).toContain('Plan: 2 to add');
  expect(keyIds()).toEqual([]);

  const main = await runOnGithub(runner, 'workflow_dispatch');
  expect(main.steps).toEqual(passed(...PREPARED, 'Plan', 'Apply', 'Audit'));
  expect(keyIds()).toHaveLength(1);
});

test("pipeline's workflow for GitHub fails with a stranger's key, and its reports name it", async () => {
  await runOnGithub(runner, 'push');
  const { accessKeyId } = runner.emulator.makeStrangerKey(BUCKET);
  const { steps, job, said } = await runOnGithub(runner, 'schedule');
  expect(steps).toEqual({ ...passed(...PREPARED), Plan: 1, Audit: 2 });
  expectReports(job, accessKeyId);
  expect(said).toContain(`unmanaged: Key ${accessKeyId} of bucket ${BUCKET} is in none of the given states`);
});

test("pipeline's jobs for GitLab plan, apply and audit; the schedule repairs what has gone", async () => {
  const proposed = await runOnGitlab(runner, 'merge_request_event');
  expect(Object.entries(proposed.jobs).map(([name, { code }]) => [name, code])).toEqual([
    ['plan', 0],
    ['audit', 0],
  ]);
  expect(keyIds()).toEqual([]);

  const merged = await runOnGitlab(runner, 'push');
  expect(Object.entries(merged.jobs).map(([name, { code }]) => [name, code])).toEqual([
    ['apply', 0],
    ['audit', 0],
  ]);
  const [first = ''] = keyIds();
  if (merged.jobs.audit) expectReports(merged.jobs.audit.job, first);

  runner.emulator.deleteKey(BUCKET, first);
  const repaired = await runOnGitlab(runner, 'schedule');
  expect(repaired.jobs).toMatchObject({ apply: { code: 0 }, audit: { code: 0 } });
  expect(keyIds()).toHaveLength(1);

  const { accessKeyId } = runner.emulator.makeStrangerKey(BUCKET);
  const strange = await runOnGitlab(runner, 'schedule');
  expect(strange.jobs).toMatchObject({ apply: { code: 1 }, audit: { code: 2 } });
  if (strange.jobs.audit) expectReports(strange.jobs.audit.job, accessKeyId);
});

test("pipeline's stack keeps its state in S3 where no other place is named", async () => {
  const job = runner.job();
  const script = `npx cdktf synth && cd ${workflow.env.STACK ?? ''} && terraform init -backend=false && terraform validate`;
  const { code, stdout } = await job.shell(script, { STATE_BUCKET: 'states' });
  expect(code).toBe(0);
  expect(stdout).toContain('The configuration is valid');
  const stack = job.file(`${workflow.env.STACK ?? ''}/cdk.tf.json`) ?? '';
  expect(JSON.parse(stack)).toMatchObject({
    terraform: { backend: { s3: { bucket: 'states', encrypt: true, use_lockfile: true } } },
  });
});

describe("pipeline's files", () => {
  it('run on changes and on a schedule, with a token that may only read the repository', () => {
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'push', 'schedule', 'workflow_dispatch']);
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(workflow.defaults.run.shell).toBe('bash');
  });

  it('let no pull request and no branch take the place of an apply that waits', () => {
    expect(workflow.concurrency).toEqual({
      group: 'access-keys-${{ github.ref }}',
      'cancel-in-progress': false,
    });
  });

  it.each([
    ['main', 'refs/heads/main', 'access-keys'],
    ['another branch', 'refs/heads/feature', 'access-keys-plan'],
    ['a tag of that name', 'refs/tags/main', 'access-keys-plan'],
    ['a pull request', 'refs/pull/1/merge', 'access-keys-plan'],
  ])('give the role of the right environment on GitHub to %s', (_name, ref, environment) => {
    expect(environmentFor(ref)).toBe(environment);
  });

  it('name each action by its major version, and say that it is to be pinned', () => {
    const uses = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.flatMap(({ uses: of }) => of ?? []),
    );
    expect(uses).toHaveLength(5);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
    expect(githubText.match(/# Pin by SHA\./g)).toHaveLength(uses.length);
  });

  it('keep the JUnit report and the page, and nothing of the state', () => {
    const { artifacts } = gitlabJobs.audit ?? {};
    expect(artifacts).toMatchObject({
      when: 'always',
      paths: ['audit.html'],
      reports: { junit: 'audit.xml' },
    });
    expect(githubText).toMatch(/path: \|\n +audit\.html\n +audit\.xml\n/);
  });
});
