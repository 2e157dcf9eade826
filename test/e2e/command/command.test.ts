import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, run, start } from '../../support/command.js';
import { readManifest, repository } from '../../support/provider-build.js';
import { providerHead } from '../../support/stack.js';
import { Terraform, thisPlatform } from '../../support/terraform.js';

const command = join(repository, 'dist/lib/command/main.js');

let scratch: string;
let running: ChildProcess | undefined;
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'command-')));
});
afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(scratch, { recursive: true });
});

function lightsailAccessKey(...args: string[]): Promise<Outcome> {
  return run(command, args, { cwd: scratch });
}

describe('the command itself', () => {
  test('--help lists the subcommands on standard output', async () => {
    const { code, stdout } = await lightsailAccessKey('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/try .*\n.*audit .*\n.*mirror .*\n.*policy .*\n.*emulator /);
  });

  test('--version prints the version of the package', async () => {
    const { stdout } = await lightsailAccessKey('--version');
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    ['no subcommand', []],
    ['an unknown subcommand', ['minor']],
    ['an unknown option', ['mirror', '--all', 'x']],
    ['a missing argument', ['mirror']],
    ['a folder without a name', ['mirror', '']],
    ['an argument too many', ['mirror', 'a', 'b']],
    ['a port that is none', ['emulator', '--port', '70000']],
    ['a Region that is none', ['emulator', '--region', 'moon-1']],
    ['a lag that is none', ['emulator', '--new-key-lag', 'soon']],
  ])('%s ends with status 1 and the usage on standard error', async (_, args) => {
    const { code, stdout, stderr } = await lightsailAccessKey(...args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: lightsail-access-key');
  });

  test.each(['try', 'emulator', 'audit'])(
    '%s says in words what the name of a bucket is',
    async (subcommand) => {
      const { code, stderr } = await lightsailAccessKey(subcommand, '--bucket', 'x');
      expect(code).toBe(1);
      expect(stderr).toContain('--bucket x is not the name of a bucket: give 3 to 54 lowercase letters,');
    },
  );

  test.each(['try', 'mirror', 'emulator'])('%s --help prints its usage', async (subcommand) => {
    const { code, stdout } = await lightsailAccessKey(subcommand, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: lightsail-access-key ${subcommand}`);
  });
});

describe('mirror', () => {
  // Node's own recursive mkdir goes on there for ever.
  test.each(['/proc/mirror', '/proc/mirror/within'])('fails at %s, and ends', async (folder) => {
    const { code, stderr } = await lightsailAccessKey('mirror', folder);
    expect(code).toBe(1);
    expect(stderr).toContain('/proc/mirror');
  });

  test('says what it means that a folder is a file, and what to give', async () => {
    const { code, stderr } = await lightsailAccessKey('mirror', command);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `The provider could not be written into ${command}, so Terraform does not find it`,
    );
    expect(stderr).toContain('Give a folder, new or there already, into which this user may write.');
  });

  test('makes a filesystem mirror for every platform, beside the versions that are there', async () => {
    const { source, version } = readManifest();
    expect(await lightsailAccessKey('mirror', 'mirror')).toMatchObject({ code: 0 });
    expect(await lightsailAccessKey('mirror', 'mirror')).toMatchObject({ code: 0 });
    for (const platform of ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64']) {
      const folder = join(scratch, 'mirror', source, version, platform);
      expect(existsSync(join(folder, `terraform-provider-lightsail_v${version}`))).toBe(true);
    }
  });

  test('prints the requirement of just this version, to paste', async () => {
    const { source, version } = readManifest();
    const { stdout } = await lightsailAccessKey('mirror', 'mirror');
    expect(stdout).toMatch(/^terraform \{\n {2}required_providers \{\n {4}lightsail = \{\n/m);
    expect(stdout).toContain(`      source  = "${source}"\n      version = "${version}"\n    }\n  }\n}\n`);
  });

  test('serves a Terraform whose CLI configuration names it, under the requirement that it prints', async () => {
    const { stdout } = await lightsailAccessKey('mirror', 'mirror');
    const requirement = stdout.slice(stdout.indexOf('terraform {'));
    const terraform = await Terraform.create({ files: { 'main.tf': requirement } });
    try {
      rmSync(join(terraform.folder, 'terraform.d'), { recursive: true });
      expect((await terraform.init()).code).toBe(1);
      await terraform.write(
        'terraform.rc',
        `provider_installation {
          filesystem_mirror {
            path    = "${join(scratch, 'mirror')}"
            include = ["npm.invalid/*/*"]
          }
          direct {
            exclude = ["npm.invalid/*/*"]
          }
        }`,
      );
      terraform.env.TF_CLI_CONFIG_FILE = join(terraform.folder, 'terraform.rc');
      await terraform.succeeds('init');
      const { source, version } = readManifest();
      expect(
        existsSync(join(terraform.folder, '.terraform/providers', source, version, thisPlatform())),
      ).toBe(true);
    } finally {
      await terraform.cleanup();
    }
  });
});

describe('emulator', () => {
  test('says that another program has its port, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const { code, stderr } = await lightsailAccessKey('emulator', '--port', String(port));
      expect(code).toBe(1);
      expect(stderr).toBe(
        `Another program listens on port ${port} already, so no emulator was started. ` +
          'Give --port another number, or leave it out for any free port.\n',
      );
    } finally {
      other.close();
    }
  });

  test('makes a bucket once that is given twice', async () => {
    const { process: child, outcome } = start(
      command,
      ['emulator', '--bucket', 'uploads', '--bucket', 'uploads'],
      { cwd: scratch },
    );
    running = child;
    child.stdout?.once('data', () => child.kill('SIGINT'));
    expect((await outcome).stdout).toContain('Buckets: uploads\n');
  });

  test('prints its address and the environment, answers in any Region, and ends well at Ctrl-C', async () => {
    const { process: child, outcome } = start(command, ['emulator', '--bucket', 'uploads'], { cwd: scratch });
    running = child;
    const greeting = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout?.on('data', (part: string) => {
        text += part;
        if (text.includes('AWS_SECRET_ACCESS_KEY')) resolve(text);
      });
    });
    const env = Object.fromEntries(
      [...greeting.matchAll(/export (\w+)='(.*)'/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
    expect(greeting).toContain(`listens on ${env.AWS_ENDPOINT_URL_LIGHTSAIL}.`);
    const terraform = await Terraform.create({
      env,
      files: {
        'main.tf': `${providerHead(readManifest().version)}
provider "lightsail" {
  region = "eu-central-1"
}
data "lightsail_bucket_access_keys" "all" {
  bucket_name = "uploads"
}
output "keys" { value = data.lightsail_bucket_access_keys.all.access_keys }
`,
      },
    });
    try {
      await terraform.succeeds('init');
      await terraform.succeeds('apply', '-auto-approve');
    } finally {
      await terraform.cleanup();
      child.kill('SIGINT');
    }
    expect(await outcome).toMatchObject({ code: 0, signal: null });
  });
});
