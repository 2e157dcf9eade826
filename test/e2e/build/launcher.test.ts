import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, start } from '../../support/command.js';
import { providerFolder, readManifest } from '../../support/provider-build.js';
import { providerHead } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const launcher = `terraform-provider-lightsail_v${readManifest().version}`;

let scratch: string;
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'launcher-')));
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

/** The launcher beside a program that tells what it was started with. */
function probe(code: string): string {
  cpSync(join(providerFolder, launcher), join(scratch, launcher));
  writeFileSync(join(scratch, 'start.cjs'), code);
  return join(scratch, launcher);
}

async function environmentSeen(env: Record<string, string>): Promise<Record<string, string>> {
  const path = probe('console.log(JSON.stringify(process.env))');
  const { stdout } = await run(path, [], { cwd: scratch, env: { PATH: process.env.PATH ?? '', ...env } });
  return JSON.parse(stdout) as Record<string, string>;
}

test('Node takes the place of the launcher, so that Terraform signals the provider itself', async () => {
  const { process: child, outcome } = start(probe('console.log(process.pid)'), [], { cwd: scratch });
  expect(Number((await outcome).stdout)).toBe(child.pid);
});

test('the options of somebody else’s Node cannot open the process that holds secrets', async () => {
  const seen = await environmentSeen({
    NODE_OPTIONS: '--no-warnings',
    NODE_DEBUG: 'http',
    NODE_DEBUG_NATIVE: 'x',
  });
  expect(Object.keys(seen).filter((name) => name.startsWith('NODE_'))).toEqual([]);
});

test('extra certificates are passed on under a name that Node does not read at start', async () => {
  const seen = await environmentSeen({ NODE_EXTRA_CA_CERTS: '/some where/ca.pem' });
  expect(seen.LIGHTSAIL_EXTRA_CA_CERTS).toBe('/some where/ca.pem');
  expect(seen).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
  expect(await environmentSeen({})).not.toHaveProperty('LIGHTSAIL_EXTRA_CA_CERTS');
});

test('the process cannot leave a core dump', async () => {
  const path = probe("console.log(require('node:child_process').execSync('ulimit -c').toString())");
  // From a shell that allows them, as far as this machine does.
  const allowing = ['-c', 'ulimit -S -c "$(ulimit -H -c)"; exec "$0"', path];
  expect((await run('sh', allowing, { cwd: scratch })).stdout.trim()).toBe('0');
});

test('a dump that another program takes has no memory in it, and neither has one of what it starts', async () => {
  const filter = '/proc/self/coredump_filter';
  if (!existsSync(filter)) return;
  const read = `require('node:fs').readFileSync('${filter}', 'utf8').trim()`;
  const path = probe(
    `console.log(${read}, require('node:child_process').execSync('cat ${filter}').toString().trim())`,
  );
  expect((await run('sh', ['-c', 'exec "$0"', path], { cwd: scratch })).stdout.trim()).toBe(
    '00000000 00000000',
  );
});

describe('through a real Terraform', () => {
  let terraform: Terraform;
  beforeEach(async () => {
    terraform = await Terraform.create({ files: { 'main.tf': providerHead(readManifest().version) } });
    await terraform.write(
      'key.tf',
      'data "lightsail_bucket_access_keys" "all" {\n  bucket_name = "uploads"\n}\n',
    );
    await terraform.succeeds('init');
  });
  afterEach(() => terraform.cleanup());

  /** A PATH with a shell and, if any, the given Node. */
  async function errorWith(node?: string): Promise<string> {
    symlinkSync('/bin/sh', join(scratch, 'sh'));
    if (node !== undefined) {
      writeFileSync(join(scratch, 'node'), node);
      chmodSync(join(scratch, 'node'), 0o755);
    }
    const { PATH } = terraform.env;
    terraform.env.PATH = scratch;
    const { code, stderr } = await terraform.run('validate', '-no-color');
    terraform.env.PATH = PATH ?? '';
    expect(code).toBe(1);
    return stderr.replace(/\s+/g, ' ');
  }

  test('a machine without Node is told so, and what to do', async () => {
    expect(await errorWith()).toContain(
      'there is no "node" on PATH. No access key was touched. Install Node.js',
    );
  });

  test('a Node that is too old is named with its version, and what to do', async () => {
    const old = `Object.defineProperty(process.versions, 'node', { value: '18.20.1' })`;
    writeFileSync(join(scratch, 'old.cjs'), old);
    const error = await errorWith(
      `#!/bin/sh\nexec ${process.execPath} -r ${join(scratch, 'old.cjs')} "$@"\n`,
    );
    expect(error).toMatch(/needs Node\.js 20 or later, but the "node" on PATH is .*, version 18\.20\.1\./);
    expect(error).toContain('No access key was touched. Install Node.js 20 or later');
  });
});
