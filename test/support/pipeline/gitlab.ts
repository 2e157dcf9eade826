import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Artifacts } from './artifacts.js';
import { holds } from './condition.js';
import { checkOut, contentOf, project } from './project.js';
import type { Job, Runner } from './runner.js';
import { DEVELOPER, MAINTAINER } from './state-server.js';

interface GitlabJob {
  readonly stage: string;
  readonly rules: readonly { readonly if: string; readonly when?: string }[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts?: {
    readonly paths: readonly string[];
    readonly reports?: Readonly<Record<string, string>>;
  };
}
interface Gitlab {
  readonly stages: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly default: { readonly before_script: readonly string[] };
}

const text = readFileSync(join(project, '.gitlab-ci.yml'), 'utf8');
const { stages, variables, default: defaults, ...jobs } = parse(text) as Gitlab & Record<string, GitlabJob>;
export const gitlabJobs = jobs;

export type GitlabRun = Readonly<
  Record<string, { readonly code: number | null; readonly said: string; readonly job: Job }>
>;

export interface Button {
  /** Whether somebody presses the button of a job that waits for it. Default: yes. */
  readonly isPressed?: boolean;
}

/** Runs the scripts of the jobs whose rules hold, stage by stage, as GitLab does for a pipeline of this source. */
export async function runOnGitlab(
  runner: Runner,
  source: string,
  { isPressed = true }: Button = {},
): Promise<GitlabRun> {
  const predefined: Record<string, string> = {
    CI_PIPELINE_SOURCE: source,
    CI_DEFAULT_BRANCH: 'main',
    CI_COMMIT_BRANCH: source === 'merge_request_event' ? '' : 'main',
    CI_API_V4_URL: `${runner.states.url}/api/v4`,
    CI_PROJECT_ID: '7',
    CI_JOB_TOKEN: source === 'merge_request_event' ? DEVELOPER : MAINTAINER,
    PLAN_ROLE_ARN: 'arn:aws:iam::111122223333:role/plan',
    APPLY_ROLE_ARN: 'arn:aws:iam::111122223333:role/apply',
    WEB_IDENTITY_TOKEN: 'web.identity.token',
  };
  const artifacts = new Artifacts(runner.folder('artifacts'));
  const done: Record<string, { code: number | null; said: string; job: Job }> = {};
  const inOrder = stages.flatMap((stage) => Object.entries(jobs).filter(([, of]) => of.stage === stage));
  let hasFailed = false;
  for (const [name, of] of inOrder) {
    const rule = of.rules.find(({ if: condition }) =>
      holds(condition, (operand) => predefined[operand.slice(1)] ?? ''),
    );
    if (!rule || (hasFailed && rule.when !== 'always')) continue;
    // The jobs of later stages wait for one that waits.
    if (rule.when === 'manual' && !isPressed) break;
    const job = runner.job();
    checkOut(job.folder);
    job.checkedOut = contentOf(job.folder);
    if (artifacts.has('stack.tar.gz')) artifacts.give('stack.tar.gz', job.folder);
    const known: Record<string, string> = { ...predefined, CI_PROJECT_DIR: job.folder };
    for (const [key, value] of Object.entries({ ...variables, ...of.variables })) {
      known[key] = value.replace(/\$(\w+)/g, (_, variable: string) => known[variable] ?? '');
    }
    const script = [...defaults.before_script, ...of.script].join('\n');
    const { code, stdout, stderr } = await job.shell(script, known);
    done[name] = { code, said: `${stdout}${stderr}`, job };
    hasFailed ||= code !== 0;
    for (const path of of.artifacts?.paths ?? []) artifacts.keep(join(job.folder, path));
  }
  return done;
}
