import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
// Without the usual .js: Jest loads a globalSetup with Node's own resolver, which finds no sources by that name.
import { repository } from './provider-build';
import { openRunFolder } from './temporary/run-folder';
import { terraformBinary } from './tools';

/**
 * Runs once before the end-to-end tests and fails when something is missing that they drive: a test that skips
 * itself for want of a tool looks just like one that passed.
 */
export default function requireTools(): void {
  openRunFolder();
  const terraform = terraformBinary();
  // As an absolute path: the tests, and CDKTF in them, run it from folders of their own.
  if (process.env.TERRAFORM_BINARY_NAME) process.env.TERRAFORM_BINARY_NAME = terraform;
  const check = spawnSync(process.execPath, [join(repository, 'scripts/build.mjs'), '--check'], {
    encoding: 'utf8',
  });
  if (check.status !== 0) throw new Error(check.stderr);
  const mirror = process.env.TF_PROVIDER_MIRROR;
  if (process.env.CI && !mirror) {
    throw new Error(
      'TF_PROVIDER_MIRROR is not set: some tests need a Terraform provider mirror that holds hashicorp/aws.',
    );
  }
  if (mirror && !existsSync(mirror)) throw new Error(`TF_PROVIDER_MIRROR names a missing folder: ${mirror}`);
}
