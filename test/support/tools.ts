import { basename, delimiter, join, resolve } from 'node:path';
// Without .js, as a globalSetup imports this file.
import { isProgram } from '../../src/program/as-started';

/** Where a program is, as the shell would find it: by its name on PATH, or by a path from here. */
export function findTool(program: string): string | undefined {
  const isName = basename(program) === program;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return (isName ? folders.map((folder) => join(folder, program)) : [resolve(program)]).find(isProgram);
}

/** Terraform or OpenTofu: TERRAFORM_BINARY_NAME, a name or a path, which CDKTF reads too; or what is on PATH. */
export function terraformBinary(): string {
  const named = process.env.TERRAFORM_BINARY_NAME;
  for (const program of named ? [named] : ['terraform', 'tofu']) {
    const path = findTool(program);
    if (path) return path;
  }
  throw new Error(
    named
      ? `There is no program ${named}, which TERRAFORM_BINARY_NAME names. The end-to-end tests drive it.`
      : 'Neither terraform nor tofu is on PATH. The end-to-end tests drive one.',
  );
}
