import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { repository } from '../../support/provider-build.js';
import { terraformBinary } from '../../support/tools.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  mkdirSync(join(folder, 'tmp'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, maxRetries: 10 });
});

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** Runs what `npm run demo` runs, with its temporary files in a folder of this test. */
function demo(env: Record<string, string> = {}, onOutput?: (said: string, stop: () => void) => void) {
  const child = spawn(process.execPath, [join(repository, 'scripts/demo.mjs')], {
    env: { ...process.env, TMPDIR: join(folder, 'tmp'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise<Ended>((resolve, reject) => {
    let said = '';
    const hear = (text: string) => {
      said += text;
      onOutput?.(said, () => child.kill('SIGTERM'));
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, said });
    });
  });
}

/** A program `terraform` that does what the script says around the real one, `$real`; first on PATH. */
function plant(script: string): Record<string, string> {
  const bin = join(folder, 'bin');
  writeFileSync(join(bin, 'terraform'), `#!/bin/sh\nreal='${terraformBinary()}'\n${script}\n`);
  chmodSync(join(bin, 'terraform'), 0o755);
  return { PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, TERRAFORM_BINARY_NAME: 'terraform' };
}

/** Does something after each apply, which knows the file with the pair as `$pair`: it stands in the state. */
function afterApply(command: string): string {
  const reference = `sed -n 's/.*"secret_reference": "\\(.*\\)".*/\\1/p' terraform.tfstate`;
  return `"$real" "$@" || exit\n[ "$1" = apply ] || exit 0\npair=$(${reference})\n${command}`;
}

/** All secrets of the emulator look like this, and nothing else that the demo prints does. */
const SECRET = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])/;

test('the demo shows and checks every step, whatever the machine has configured, and leaves nothing behind', async () => {
  const hostile = join(folder, 'terraform.rc');
  writeFileSync(
    hostile,
    'provider_installation {\n  filesystem_mirror {\n    path = "/nonexistent"\n  }\n}\n',
  );
  const { code, said } = await demo({
    TF_CLI_CONFIG_FILE: hostile,
    TF_CLI_ARGS: '-no-such-option',
    AWS_PROFILE: 'no-such-profile',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    CDKTF_OUTDIR: '/nonexistent',
  });

  expect(said).toContain('All 16 steps were as expected');
  expect(code).toBe(0);
  const ids = [...said.matchAll(/it is the output: (AKIA\w{16})/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(2);
  for (const words of [
    'it took the provider that lies in the stack, and no other',
    'its mode is 0600',
    'among them 2 plans (unpacked) and 1 states',
    `demo-uploads/${ids[0]}.txt reads: Written with ${ids[0]}.`,
    'No changes',
    `it says: Key ${ids[0]} of bucket demo-uploads does not exist any more`,
    'the bucket demo-uploads holds no key',
    'the file is gone',
  ]) {
    expect(said).toContain(words);
  }
  expect(said).not.toMatch(SECRET);
  // eslint-disable-next-line no-control-regex -- no colours where nobody looks at a terminal
  expect(said).not.toMatch(/\x1b/);
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
});

test.each([
  {
    what: 'a secret in the state',
    script: afterApply(`base64 < "$pair" | tr -d '\\n' > terraform.tfstate.backup`),
    expected: /key’s is in none of \d+ files/,
    found: /the secret in cdktf\.out\/stacks\/quickstart\/terraform\.tfstate\.backup;/,
  },
  {
    what: 'a secret in a saved plan',
    script: afterApply(
      `python3 -c 'import sys, zipfile as z; z.ZipFile("new.tfplan", "w", z.ZIP_DEFLATED).write(sys.argv[1], "tfstate")' "$pair"`,
    ),
    expected: /key’s is in none of \d+ files/,
    found: /the secret in cdktf\.out\/stacks\/quickstart\/new\.tfplan:tfstate;/,
  },
  {
    what: 'a secret on the screen',
    script: afterApply('cat "$pair"'),
    expected: /it is in nothing that a command has printed/,
    found: /the secret in what the commands printed/,
  },
  {
    what: 'a file that others can read',
    script: afterApply('chmod 644 "$pair"'),
    expected: /its mode is 0600/,
    found: /mode 0644/,
  },
  {
    what: 'a plan that does not find the missing key',
    script: `"$real" "$@"; status=$?
case "$1 $*" in plan*-detailed-exitcode*) exit 0;; esac
exit $status`,
    expected: /terraform plan .* ends with exit status 2/,
    found: /exit status 0, and it said:/,
  },
  {
    what: 'a destroy that does nothing',
    script: `[ "$1" = destroy ] || exec "$real" "$@"`,
    expected: /the bucket demo-uploads holds no key/,
    found: /AKIA\w{16}/,
  },
])('$what ends the demo with what was expected and what was found', async ({ script, expected, found }) => {
  const { code, said } = await demo(plant(script));

  expect(said).toMatch(/Step \d+ was not as expected\./);
  expect(/^Expected: (.*)$/m.exec(said)?.[1]).toMatch(expected);
  expect(/^Found: {4}(.*)$/m.exec(said)?.[1]).toMatch(found);
  expect(said).not.toMatch(SECRET);
  expect(code).toBe(1);
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
});

test('without Terraform and OpenTofu the demo says how to get one', async () => {
  const { code, said } = await demo({ PATH: join(folder, 'bin'), TERRAFORM_BINARY_NAME: '' });
  expect(said).toContain('There is no terraform and no tofu on PATH');
  expect(said).toContain('https://developer.hashicorp.com/terraform/install');
  expect(said).toContain('https://opentofu.org/docs/intro/install/');
  expect(code).toBe(1);
});

test('a demo that is stopped in the middle cleans up', async () => {
  let isStopped = false;
  const { code, said } = await demo(
    plant('[ "$1" = apply ] && sleep 1; exec "$real" "$@"'),
    (soFar, stop) => {
      // Once: whoever is told twice ends without clearing up.
      if (isStopped || !soFar.includes('$ terraform apply -no-color first.tfplan\n')) return;
      isStopped = true;
      stop();
    },
  );
  expect(said).not.toContain('All 16 steps');
  expect(code).toBe(1);
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
});
