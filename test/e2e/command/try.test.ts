import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, start, type Outcome } from '../../support/command.js';
import { readManifest, repository } from '../../support/provider-build.js';
import { providerHead } from '../../support/stack.js';
import { temporaryFolder } from '../../support/temporary/folder.js';
import { Terraform } from '../../support/terraform.js';
import { terraformBinary } from '../../support/tools.js';

const command = join(repository, 'dist/lib/command/main.js');
const scratch = temporaryFolder('try');

function lightsailAccessKey(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  return run(command, args, { cwd: scratch, env });
}

const printed = (names: readonly string[]) => [
  '--',
  process.execPath,
  '-p',
  `JSON.stringify(${JSON.stringify(names)}.map((name) => process.env[name] ?? null))`,
];

describe('with a program', () => {
  test.each([0, 7])('ends with its exit status %i', async (status) => {
    expect(await lightsailAccessKey(['try', '--', 'sh', '-c', `exit ${status}`])).toMatchObject({
      code: status,
    });
  });

  test('says which signal has ended it as a shell does', async () => {
    expect(await lightsailAccessKey(['try', '--', 'sh', '-c', 'kill -TERM $$'])).toMatchObject({ code: 143 });
  });

  test('ends with status 127 and a remedy where there is no such program', async () => {
    const { code, stderr } = await lightsailAccessKey(['try', '--', 'no-such-program']);
    expect(code).toBe(127);
    expect(stderr).toContain(
      'no-such-program was not started, and no key was made: spawn no-such-program ENOENT.',
    );
  });

  test('ends with status 126 where the program may not be run', async () => {
    const { code, stderr } = await lightsailAccessKey(['try', '--', scratch]);
    expect(code).toBe(126);
    expect(stderr).toMatch(/no key was made: .* EACCES\. Give a program that this user may run\.\n$/);
  });

  test('leaves options after -- to the program, --help among them', async () => {
    const { code, stdout } = await lightsailAccessKey(['try', '--', 'echo', '--help', '--bucket']);
    expect(code).toBe(0);
    expect(stdout).toBe('--help --bucket\n');
  });

  test('takes out of its environment what would lead Terraform to AWS all the same', async () => {
    const names = ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID'];
    const real = {
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'token',
      AWS_ENDPOINT_URL: 'https://example.org',
    };
    const { stdout } = await lightsailAccessKey(['try', ...printed(names)], { ...process.env, ...real });
    expect(JSON.parse(stdout)).toEqual([null, null, null, 'AKIAEMULATORTESTONLY']);
  });

  test('sends every service but Lightsail and S3 to --stores', async () => {
    const names = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_LIGHTSAIL'];
    const { stdout } = await lightsailAccessKey([
      'try',
      '--stores',
      'http://127.0.0.1:5000',
      ...printed(names),
    ]);
    expect(JSON.parse(stdout)).toEqual([
      'http://127.0.0.1:5000',
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:(?!5000)\d+$/),
    ]);
  });

  const services = ['SECRETS_MANAGER', 'SSM', 'KMS', 'STS'].map((service) => `AWS_ENDPOINT_URL_${service}`);
  const theirs = Object.fromEntries(services.map((name) => [name, 'https://example.org']));

  test('leaves no endpoint of a single service that would win over --stores', async () => {
    const { stdout } = await lightsailAccessKey(
      ['try', '--stores', 'http://127.0.0.1:5000', ...printed(services)],
      { ...process.env, ...theirs },
    );
    expect(JSON.parse(stdout)).toEqual([null, null, null, null]);
  });

  test('without --stores leaves them as they are given', async () => {
    const { stdout } = await lightsailAccessKey(['try', ...printed(services)], { ...process.env, ...theirs });
    expect(JSON.parse(stdout)).toEqual(Object.values(theirs));
  });

  test('lets Terraform make a key in a bucket of any Region, and destroy it', async () => {
    const terraform = await Terraform.create({
      files: {
        'main.tf': `${providerHead(readManifest().version)}
provider "lightsail" {
  region = "eu-central-1"
}
resource "lightsail_bucket_access_key" "uploads" {
  bucket_name = "my-uploads"
  secret {
    file {
      path = "key.json"
    }
  }
}
`,
      },
    });
    try {
      await terraform.succeeds('init');
      const script = join(scratch, 'apply.sh');
      const binary = terraformBinary();
      writeFileSync(
        script,
        `set -e\n'${binary}' apply -auto-approve\ntest -s key.json\n'${binary}' destroy -auto-approve\n`,
      );
      const outcome = await run(command, ['try', '--', 'sh', script], {
        cwd: terraform.folder,
        env: terraform.env,
      });
      expect(outcome).toMatchObject({ code: 0 });
      expect(existsSync(join(terraform.folder, 'key.json'))).toBe(false);
    } finally {
      await terraform.cleanup();
    }
  });
});

describe('without a program', () => {
  /** Until it has said everything, then Ctrl-C. */
  async function greeting(...args: readonly string[]): Promise<Outcome> {
    const { process: child, outcome } = start(command, ['try', ...args], { cwd: scratch });
    let text = '';
    child.stdout?.on('data', (part: string) => {
      text += part;
      const isComplete = text.includes('AWS_SECRET_ACCESS_KEY=');
      // Once: a second Ctrl-C ends it without a word.
      if (isComplete && !child.killed) child.kill('SIGINT');
    });
    return outcome;
  }

  test('prints the environment, for a shell, and ends well at Ctrl-C', async () => {
    const { code, stdout } = await greeting('--bucket', 'photos', '--bucket', 'videos');
    expect(code).toBe(0);
    expect(stdout).toContain('with the buckets photos, videos in every Region.');
    expect(stdout).toContain('Secrets Manager, SSM, KMS and STS are not');
    expect(stdout).toContain(
      'Everything else of the stack goes to AWS; give no profile in a provider block.',
    );
    expect(stdout).toMatch(/^ {2}unset AWS_PROFILE .*\n(?: {2}export \w+='.*'\n)+$/m);
  });

  test('leaves every bucket to the stack where it is told to', async () => {
    const { stdout } = await greeting('--no-bucket');
    expect(stdout).toContain('with no bucket in every Region.');
    const both = await lightsailAccessKey(['try', '--no-bucket', '--bucket', 'photos', '--', 'true']);
    expect(both).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Give --bucket or --no-bucket.') as string,
    });
  });

  test('says where the stores are that it was told of', async () => {
    const { stdout } = await greeting('--stores', 'http://127.0.0.1:5000');
    expect(stdout).toContain(
      'Secrets Manager, SSM, KMS, STS and all else are looked for on http://127.0.0.1:5000.',
    );
    expect(stdout).toMatch(/^ {2}unset .*AWS_ENDPOINT_URL_STS/m);
    expect(stdout).toContain("export AWS_ENDPOINT_URL='http://127.0.0.1:5000'");
  });

  test.each([
    ['no program after --', ['--']],
    ['an argument before --', ['terraform', 'apply']],
    ['stores that are no URL', ['--stores', 'moto']],
    ['an unknown option', ['--port', '1']],
  ])('%s ends with status 1 and the usage', async (_, args) => {
    const { code, stdout, stderr } = await lightsailAccessKey(['try', ...args]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: lightsail-access-key try');
  });
});
