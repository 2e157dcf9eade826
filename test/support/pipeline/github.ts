import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from '../provider-build.js';
import { holds } from './condition.js';
import type { Job, Runner } from './runner.js';
import { DEVELOPER, MAINTAINER } from './state-server.js';

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly 'working-directory'?: string;
}
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly permissions: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: Readonly<Record<string, { readonly environment: string; readonly steps: readonly Step[] }>>;
}

export const githubText = readFileSync(join(repository, 'examples/pipeline/github-actions.yml'), 'utf8');
export const workflow = parse(githubText) as Workflow;

export interface Run {
  /** Names of the steps that ran, and how each ended. */
  readonly steps: Readonly<Record<string, number | null>>;
  readonly said: string;
  readonly job: Job;
}

const MAIN = 'refs/heads/main';

/** Runs the commands of the workflow's steps, as GitHub does for this event: on main, or for a pull request to it. */
export async function runOnGithub(
  runner: Runner,
  event: string,
  ref = event === 'pull_request' ? 'refs/pull/1/merge' : MAIN,
): Promise<Run> {
  if (!(event in workflow.on)) throw new Error(`The workflow does not run on ${event}.`);
  const job = runner.job();
  const values = new Map([
    ['github.event_name', event],
    ['github.ref', ref],
  ]);
  const steps: Record<string, number | null> = {};
  const said: string[] = [];
  let hasFailed = false;
  for (const step of Object.values(workflow.jobs).flatMap((of) => of.steps)) {
    if (step.run === undefined) continue;
    const always = step.if === '!cancelled()' || step.if === 'always()';
    const meets = holds(step.if ?? '!cancelled()', (name) => values.get(name) ?? '', {
      '!cancelled()': true,
    });
    if (!meets || (hasFailed && !always)) continue;
    const env = {
      ...workflow.env,
      GITHUB_EVENT_NAME: event,
      GITHUB_REF: ref,
      // In place of the environment's role, which may only read the state where it only plans.
      TF_HTTP_ADDRESS: `${runner.states.url}/github`,
      TF_HTTP_USERNAME: 'role',
      TF_HTTP_PASSWORD: environmentFor(ref) === 'access-keys' ? MAINTAINER : DEVELOPER,
      GITHUB_OUTPUT: join(job.folder, `output-${step.id ?? ''}`),
    };
    const { code, stdout, stderr } = await job.shell(step.run, env, folderOf(step));
    steps[step.name ?? ''] = code;
    said.push(stdout, stderr);
    hasFailed ||= code !== 0;
    for (const line of (job.file(`output-${step.id ?? ''}`) ?? '').split('\n')) {
      const [name = '', value = ''] = line.split('=');
      values.set(`steps.${step.id ?? ''}.outputs.${name}`, value);
    }
  }
  return { steps, said: said.join(''), job };
}

/** The environment, and with it the role, that the workflow takes for this ref. */
export function environmentFor(ref: string): string | undefined {
  const { environment = '' } = workflow.jobs.keys ?? {};
  const [, condition = '', then, otherwise] =
    /^\$\{\{ (.+) && '([\w-]+)' \|\| '([\w-]+)' \}\}$/.exec(environment) ?? [];
  return holds(condition, (name) => (name === 'github.ref' ? ref : '')) ? then : otherwise;
}

function folderOf(step: Step): string {
  return (step['working-directory'] ?? '.').replace(/\$\{\{ env\.(\w+) \}\}/g, (_, name: string) => {
    return workflow.env[name] ?? '';
  });
}
