import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfigFile, sys } from 'typescript';
import { githubText, REVIEWED, workflow } from '../../../support/pipeline/github.js';
import { gitlabJobs } from '../../../support/pipeline/gitlab.js';
import { project } from '../../../support/pipeline/project.js';
import { repository } from '../../../support/provider-build.js';

describe("pipeline's files", () => {
  const jobs = Object.values(workflow.jobs);
  const uses = jobs.flatMap(({ steps }) => steps.flatMap(({ uses: of }) => of ?? []));

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

  it('give the role that writes to the job that applies alone', () => {
    expect(jobs.filter(({ environment }) => environment === REVIEWED).map(({ name }) => name)).toEqual([
      'Apply',
    ]);
    expect(Object.keys(gitlabJobs).filter((name) => gitlabJobs[name]?.variables?.AWS_ROLE_ARN)).toEqual([
      'apply',
    ]);
  });

  it('name each action by its major version, and say that it is to be pinned', () => {
    expect(uses).toHaveLength(14);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
    expect(githubText.match(/# Pin by SHA\./g)).toHaveLength(uses.length);
  });

  it('keep the JUnit report and the page, and nothing of the state', () => {
    expect(gitlabJobs.audit?.artifacts).toMatchObject({
      when: 'always',
      paths: ['audit.html'],
      reports: { junit: 'audit.xml' },
    });
    expect(githubText).toMatch(/path: \|\n +\S+ \S+ \}\}\/audit\.html\n +\S+ \S+ \}\}\/audit\.xml\n/);
  });

  it('are a whole project: its lock file is that of its package.json, in versions that this one is tested with', () => {
    const own = manifest(join(project, 'package.json'));
    const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as Lock;
    const here = manifest(join(repository, 'package.json'));
    expect(lock.packages['']).toMatchObject({
      dependencies: own.dependencies,
      devDependencies: own.devDependencies,
    });
    for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies })) {
      expect([name, lock.packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
    }
    const known: Readonly<Record<string, string>> = { ...here.devDependencies, [here.name]: here.version };
    for (const name of ['cdktf', 'constructs', 'typescript', '@types/node', here.name]) {
      expect([name, { ...own.dependencies, ...own.devDependencies }[name]]).toEqual([name, known[name]]);
    }
    expect(JSON.stringify(lock)).not.toContain('file:');
  });

  it('name the same versions of Terraform and Node.js for both CI systems, and a program that is there', () => {
    const image = readFileSync(join(project, 'Dockerfile'), 'utf8');
    const given = jobs.flatMap(({ steps }) => steps.map(({ with: of }) => of ?? {}));
    const versions = (name: string) => [...new Set(given.flatMap((of) => of[name] ?? []))];
    expect(versions('terraform_version')).toEqual([/hashicorp\/terraform:(\S+)/.exec(image)?.[1]]);
    expect(versions('node-version').map(String)).toEqual([/FROM node:(\d+)/.exec(image)?.[1]]);
    const { app } = JSON.parse(readFileSync(join(project, 'cdktf.json'), 'utf8')) as { app: string };
    expect(app).toBe('npx tsx main.ts');
    const read = readConfigFile(join(project, 'tsconfig.json'), (path) => sys.readFile(path));
    expect(read).toEqual({ config: expect.objectContaining({ include: ['main.ts'] }) as unknown });
  });
});

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, Manifest | undefined>>;
}

function manifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}
