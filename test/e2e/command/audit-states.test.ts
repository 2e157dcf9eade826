import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Emulator } from '../../../src/emulator/index.js';
import {
  audit,
  auditEnvironment,
  auditJson,
  auditorOf,
  besidesProgress,
  command,
  found,
  startAudited,
} from '../../support/audit.js';
import { run } from '../../support/command.js';
import { readManifest } from '../../support/provider-build.js';
import { providerHead } from '../../support/stack.js';
import { outputFolder, synthesizeInto } from '../../support/synthesis.js';
import { Terraform } from '../../support/terraform.js';
import { awsProviderBlock } from '../../support/aws-provider-block.js';

let scratch: string;
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'audit-states-')));
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

describe('Against the state of a real Terraform with our provider', () => {
  const module = `${providerHead(readManifest().version)}
variable "buckets" { type = set(string) }
resource "lightsail_bucket_access_key" "key" {
  for_each    = var.buckets
  bucket_name = each.key
  secret {
    terraform_output {}
  }
}
`;
  const root = `${providerHead(readManifest().version)}
module "storage" {
  source  = "./storage"
  buckets = ["backups", "uploads"]
}
`;
  let emulator: Emulator;
  let terraform: Terraform;
  let secrets: readonly string[];

  beforeAll(async () => {
    emulator = await startAudited({ buckets: ['backups', 'foreign', 'uploads'] });
    terraform = await Terraform.create({
      env: emulator.env,
      files: { 'main.tf': root, 'storage/main.tf': module },
    });
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    secrets = ['backups', 'uploads'].flatMap((bucket) =>
      emulator.keys(bucket).map(({ secretAccessKey }) => secretAccessKey),
    );
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  async function show(): Promise<string> {
    const path = join(scratch, 'state.json');
    writeFileSync(path, (await terraform.succeeds('show', '-json')).stdout);
    return path;
  }

  it('all is in order, by what terraform show -json prints, its pipe, and the state file itself', async () => {
    const path = await show();
    const raw = join(terraform.folder, 'terraform.tfstate');
    for (const state of [path, raw]) {
      const { code, report } = await auditJson(scratch, auditorOf(emulator), '--state', state);
      expect(code).toBe(0);
      const managed = report.buckets.flatMap(({ keys }) => keys.flatMap(({ managedBy }) => managedBy));
      expect(managed).toEqual(
        ['backups', 'uploads'].map((name) => ({
          address: `module.storage.lightsail_bucket_access_key.key["${name}"]`,
          state,
          role: 'current',
        })),
      );
    }
    const piped = await run('/bin/sh', ['-c', '"$0" audit --state - < state.json', command], {
      cwd: scratch,
      env: auditEnvironment(scratch, auditorOf(emulator).env),
    });
    expect({ code: piped.code, said: besidesProgress(piped.stderr) }).toEqual({ code: 0, said: '' });
    expect(piped.stdout).toContain('module.storage.lightsail_bucket_access_key.key["uploads"]');
  });

  it('never prints a secret that the state holds in clear', async () => {
    const path = await show();
    expect(secrets).toHaveLength(2);
    for (const secret of secrets) expect(readFileSync(path, 'utf8')).toContain(secret);
    const told: string[] = [];
    for (const format of ['table', 'json', 'junit', 'html']) {
      const { stdout, stderr } = await audit(
        scratch,
        auditorOf(emulator),
        '--state',
        path,
        '--format',
        format,
        '--never-used-days',
        '0',
      );
      told.push(stdout, stderr);
    }
    expect(told.join('')).toContain('uploads');
    for (const secret of secrets) expect(told.join('')).not.toContain(secret);
  });

  it('names a key that nobody declared, one that is gone, and one that somebody switched off', async () => {
    const path = await show();
    const [[gone], [off]] = [emulator.keys('backups'), emulator.keys('uploads')];
    emulator.deleteKey('backups', gone?.accessKeyId ?? '');
    emulator.setStatus('uploads', off?.accessKeyId ?? '', 'Inactive');
    const { accessKeyId: stranger } = emulator.makeStrangerKey('foreign');
    // A list may leave out a key that is younger than five minutes.
    emulator.clock.advance(6 * 60_000);
    const { code, report } = await auditJson(scratch, auditorOf(emulator), '--state', path);
    expect(code).toBe(2);
    expect(found(report)).toEqual([
      `backups ${gone?.accessKeyId ?? ''} missing`,
      `foreign ${stranger} unmanaged`,
      `uploads ${off?.accessKeyId ?? ''} inactive`,
    ]);
    emulator.setStatus('uploads', off?.accessKeyId ?? '', 'Active');
    emulator.deleteKey('foreign', stranger);
  });

  it('of another account finds nothing missing, and says of what it could not tell that', async () => {
    const path = await show();
    const other = await startAudited({ buckets: ['theirs'] });
    const { code, report } = await auditJson(scratch, auditorOf(other), '--state', path);
    await other.close();
    expect(code).toBe(1);
    expect(report.notJudged.map(({ bucket }) => bucket)).toEqual(['backups', 'uploads']);
    expect(report.notJudged[0]?.reason).toMatch(/no audited region has its bucket/);
  });
});

test('a current key that a refresh found gone beside the previous one is missing', async () => {
  const emulator = await startAudited({ buckets: ['uploads'] });
  const stack = (keeper: string) => `${providerHead(readManifest().version)}
resource "lightsail_bucket_access_key" "key" {
  bucket_name = "uploads"
  secret {
    file { path = "key.json" }
  }
  rotation { keepers = { run = "${keeper}" } }
}
`;
  const terraform = await Terraform.create({ env: emulator.env, files: { 'main.tf': stack('1') } });
  try {
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    const [previous] = emulator.keys('uploads');
    writeFileSync(join(terraform.folder, 'main.tf'), stack('2'));
    await terraform.succeeds('apply', '-auto-approve');
    const current = emulator.keys('uploads').find((key) => key.accessKeyId !== previous?.accessKeyId);
    emulator.deleteKey('uploads', current?.accessKeyId ?? '');
    await terraform.succeeds('apply', '-refresh-only', '-auto-approve');
    const state = join(terraform.folder, 'terraform.tfstate');
    const { code, report } = await auditJson(scratch, auditorOf(emulator), '--state', state);
    expect(code).toBe(2);
    expect(report.buckets[0]?.keys).toMatchObject([
      { accessKeyId: previous?.accessKeyId, status: 'Active', findings: [] },
      { accessKeyId: null, status: null, findings: [{ check: 'missing' }] },
    ]);
  } finally {
    await terraform.cleanup();
    await emulator.close();
  }
});

test('a folder that cdktf synth wrote leads to the states of its stacks', async () => {
  const outdir = await outputFolder();
  const emulator = await startAudited({ buckets: ['uploads'] });
  let terraform: Terraform | undefined;
  try {
    const folder = synthesizeInto(outdir, (stack) => {
      new BucketAccessKey(stack, 'uploads', {
        bucketName: 'uploads',
        secret: SecretDestination.file({ path: 'key.json' }),
      });
    });
    terraform = await Terraform.create({ folder, env: emulator.env });
    const before = await audit(scratch, auditorOf(emulator), '--state', outdir);
    expect(before.code).toBe(1);
    expect(before.stderr).toContain('none of its stacks has a state file here');
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    const { code, report } = await auditJson(scratch, auditorOf(emulator), '--state', outdir);
    expect(code).toBe(0);
    expect(report.buckets[0]?.keys[0]?.managedBy[0]?.address).toMatch(
      /^lightsail_bucket_access_key\.uploads/,
    );
  } finally {
    await Promise.all([terraform?.cleanup(), emulator.close()]);
    rmSync(outdir, { recursive: true });
  }
});

test('the state of hashicorp/aws tells its keys, and proves that a bucket is gone', async () => {
  const emulator = await startAudited({ buckets: ['other'] });
  const terraform = await Terraform.create({
    env: emulator.env,
    awsProvider: true,
    files: {
      'main.tf': `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
${awsProviderBlock(emulator.region, { lightsail: emulator.url })}
resource "aws_lightsail_bucket" "uploads" {
  name      = "uploads"
  bundle_id = "small_1_0"
}
resource "aws_lightsail_bucket_access_key" "uploads" {
  bucket_name = aws_lightsail_bucket.uploads.name
}
`,
    },
  });
  try {
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    const state = join(scratch, 'state.json');
    writeFileSync(state, (await terraform.succeeds('show', '-json')).stdout);
    const [key] = emulator.keys('uploads');

    const inOrder = await auditJson(scratch, auditorOf(emulator), '--state', state);
    expect(inOrder.code).toBe(0);
    expect(inOrder.report.buckets[1]?.keys).toMatchObject([
      { accessKeyId: key?.accessKeyId, managedBy: [{ address: 'aws_lightsail_bucket_access_key.uploads' }] },
    ]);

    emulator.deleteBucket('uploads');
    const gone = await auditJson(scratch, auditorOf(emulator), '--state', state);
    expect(gone.code).toBe(2);
    expect(found(gone.report)).toEqual([`uploads ${key?.accessKeyId ?? ''} missing`]);
    expect(gone.report.buckets[1]).toMatchObject({ bucket: 'uploads', outcome: 'gone' });
  } finally {
    await terraform.cleanup();
    await emulator.close();
  }
});
