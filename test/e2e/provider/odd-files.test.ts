import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KeyStack } from '../../support/key-stack.js';
import { until } from '../../support/until.js';

const fifo = (path: string) => execFileSync('mkfifo', [path]);
/** Many times of what a plan takes, and less than anything that waits for ever. */
const SOON = 300_000;

/** Nobody waits for the other end of a pipe. */
describe('Where a pipe stands in the place of a file', () => {
  let its: KeyStack;

  beforeEach(async () => {
    its = await KeyStack.start();
    await declare();
    await its.terraform.succeeds('init');
  });
  afterEach(() => its.end());

  const declare = (provider = '') => its.declare('secret {\n    file { path = "key.json" }\n  }', provider);
  const files = () => readdirSync(its.terraform.folder);

  async function inTime<T>(work: Promise<T>): Promise<T> {
    const begun = Date.now();
    const result = await work;
    expect(Date.now() - begun).toBeLessThan(SOON);
    return result;
  }

  /** Of those that work in this folder. */
  function providers(): string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return readlinkSync(join('/proc', pid, 'cwd')) === its.terraform.folder;
        } catch {
          return false;
        }
      });
  }

  async function leavesNothing(): Promise<void> {
    await until(() => providers().length === 0);
  }

  it('of a pair, the plan says so and ends', async () => {
    await its.apply();
    rmSync(its.path());
    fifo(its.path());
    const { code, said } = await inTime(its.plan());
    expect(code).not.toBe(0);
    expect(said).toContain('key.json');
    await leavesNothing();
  });

  it('of a journal, the plan says so and ends', async () => {
    await its.apply();
    const journal = its.path(files().find((name) => name.includes('-journal-')));
    rmSync(journal);
    fifo(journal);
    const { said } = await inTime(its.plan());
    expect(said).toContain('not a regular file');
    await leavesNothing();
  });

  it.each([
    ['AWS_CONFIG_FILE', 'The shared AWS file'],
    ['AWS_SHARED_CREDENTIALS_FILE', 'The shared AWS file'],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', 'The token file'],
  ])('of the file that %s names, the plan names it and ends', async (name, words) => {
    const pipe = its.path('pipe');
    fifo(pipe);
    Object.assign(its.terraform.env, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
    its.terraform.env.AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/ci';
    its.terraform.env[name] = pipe;
    const { code, said } = await inTime(its.plan());
    expect(code).toBe(1);
    expect(said).toContain(`${words} ${pipe} cannot be read (not a regular file)`);
    await leavesNothing();
  });

  it('of certificates and of a token for Vault, the plan ends', async () => {
    const pipe = its.path('pipe');
    fifo(pipe);
    Object.assign(its.terraform.env, { NODE_EXTRA_CA_CERTS: pipe, AWS_CA_BUNDLE: pipe });
    expect((await inTime(its.plan())).code).toBe(2);
    fifo(join(its.terraform.env.HOME ?? '', '.vault-token'));
    its.terraform.env.VAULT_ADDR = 'http://127.0.0.1:1';
    await its.declare('secret {\n    vault_kv {\n      mount = "secret"\n      path = "uploads"\n    }\n  }');
    const { code, said } = await inTime(its.plan());
    expect(code).toBe(1);
    expect(said).toContain('There is no token for Vault');
    await leavesNothing();
  });
});
