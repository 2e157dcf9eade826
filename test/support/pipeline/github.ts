import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Artifacts } from './artifacts.js';
import { holds } from './condition.js';
import { checkOut, contentOf, project } from './project.js';
import type { Job, Runner } from './runner.js';
import { DEVELOPER, MAINTAINER } from './state-server.js';

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}
interface WorkflowJob {
  readonly name: string;
  readonly environment: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly permissions: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

export const githubText = readFileSync(join(project, '.github/workflows/access-keys.yml'), 'utf8');
export const workflow = parse(githubText) as Workflow;

export interface JobRun {
  /** Names of the steps that ran, and how each ended. */
  readonly steps: Readonly<Record<string, number | null>>;
  readonly said: string;
  readonly job: Job;
  /** The audit's JUnit report and page; null where the job has left none. */
  readonly reports: readonly (string | null)[];
}
/** The jobs that ran, by their IDs. */
export type Run = Readonly<Record<string, JobRun>>;

export interface Approval {
  /** Whether the reviewers let the job of the environment access-keys run. Default: they do. */
  readonly isApproved?: boolean;
}

const MAIN = 'refs/heads/main';

/** The environment whose role writes, and which waits for its reviewers. */
export const REVIEWED = 'access-keys';

/** Runs the workflow's jobs, as GitHub does for this event: on main, or for a pull request to it. */
export async function runOnGithub(
  runner: Runner,
  event: string,
  {
    ref = event === 'pull_request' ? 'refs/pull/1/merge' : MAIN,
    isApproved = true,
  }: Approval & { ref?: string } = {},
): Promise<Run> {
  if (!(event in workflow.on)) throw new Error(`The workflow does not run on ${event}.`);
  const known = new Map([
    ['github.event_name', event],
    ['github.ref', ref],
  ]);
  const artifacts = new Artifacts(runner.folder('artifacts'));
  const done: Record<string, JobRun> = {};
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needs = [job.needs ?? []].flat();
    const isStopped = needs.some((need) => done[need] === undefined || hasFailed(done[need]));
    if (!meets(job.if, known, isStopped)) continue;
    if (job.environment === REVIEWED && !isApproved) continue;
    const { ran, outputs } = await runJob(runner, job, known, artifacts);
    done[id] = ran;
    for (const [name, value] of outputs) known.set(`needs.${id}.outputs.${name}`, value);
  }
  return done;
}

interface Ended {
  readonly ran: JobRun;
  readonly outputs: ReadonlyMap<string, string>;
}

async function runJob(
  runner: Runner,
  { environment, outputs = {}, steps: all }: WorkflowJob,
  known: ReadonlyMap<string, string>,
  artifacts: Artifacts,
): Promise<Ended> {
  const job = runner.job();
  const temp = runner.folder('runner-temp');
  const values = new Map([...known, ['runner.temp', temp]]);
  const steps: Record<string, number | null> = {};
  const said: string[] = [];
  let isFailing = false;
  for (const step of all) {
    if (!meets(step.if, values, isFailing)) continue;
    if (step.uses !== undefined) {
      use(step, job, values, artifacts);
      continue;
    }
    const output = join(temp, `output-${step.id ?? ''}`);
    const { code, stdout, stderr } = await job.shell(step.run ?? '', {
      ...workflow.env,
      GITHUB_REF: values.get('github.ref') ?? '',
      GITHUB_OUTPUT: output,
      RUNNER_TEMP: temp,
      // In place of the environment's role, which may only read the state where it only plans.
      TF_HTTP_ADDRESS: `${runner.states.url}/github`,
      TF_HTTP_USERNAME: 'role',
      TF_HTTP_PASSWORD: environment === REVIEWED ? MAINTAINER : DEVELOPER,
    });
    steps[step.name ?? ''] = code;
    said.push(stdout, stderr);
    isFailing ||= code !== 0;
    for (const line of (job.file(output) ?? '').split('\n')) {
      const [name = '', value = ''] = line.split('=');
      values.set(`steps.${step.id ?? ''}.outputs.${name}`, value);
    }
  }
  const told = Object.entries(outputs).map(([name, value]) => [name, filledIn(value, values)] as const);
  const reports = ['audit.xml', 'audit.html'].map((name) => job.file(join(temp, name)));
  return { ran: { steps, said: said.join(''), job, reports }, outputs: new Map(told) };
}

/** What an action of others does, as far as the commands rely on it. */
function use(
  { uses = '', with: given = {} }: Step,
  job: Job,
  values: ReadonlyMap<string, string>,
  artifacts: Artifacts,
): void {
  const [action = ''] = uses.split('@');
  const paths = filledIn(String(given.path ?? ''), values)
    .trim()
    .split('\n');
  if (action === 'actions/checkout') {
    checkOut(job.folder);
    job.checkedOut = contentOf(job.folder);
  }
  if (action === 'actions/upload-artifact') {
    const kept = paths.filter((path) => artifacts.keep(path.trim()));
    if (kept.length === 0 && given['if-no-files-found'] === 'error') throw new Error('There is no artifact.');
  }
  if (action === 'actions/download-artifact') artifacts.give('stack.tar.gz', paths[0] ?? '');
}

function meets(
  condition: string | undefined,
  values: ReadonlyMap<string, string>,
  isStopped: boolean,
): boolean {
  if (condition === '!cancelled()' || condition === 'always()') return true;
  return !isStopped && (condition === undefined || holds(condition, (name) => values.get(name) ?? ''));
}

function hasFailed({ steps }: JobRun): boolean {
  return Object.values(steps).some((code) => code !== 0);
}

function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => values.get(name) ?? '');
}
