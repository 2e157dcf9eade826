import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program, as the shell would find it; undefined when it is not on PATH. */
export function findTool(name: string): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Terraform or OpenTofu: TERRAFORM_BINARY_NAME, which CDKTF reads too, or what is on PATH. */
export function terraformBinary(): string {
  const names = process.env.TERRAFORM_BINARY_NAME
    ? [process.env.TERRAFORM_BINARY_NAME]
    : ['terraform', 'tofu'];
  for (const name of names) {
    const path = findTool(name);
    if (path) return path;
  }
  throw new Error(`None of these programs is on PATH: ${names.join(', ')}. The end-to-end tests drive one.`);
}
