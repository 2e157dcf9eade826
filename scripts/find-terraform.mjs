import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';

/** Terraform or OpenTofu: TERRAFORM_BINARY_NAME, a name or a path, which CDKTF reads too; or what is on PATH. */
export function findTerraform() {
  const named = process.env.TERRAFORM_BINARY_NAME;
  const names = named ? [named] : ['terraform', 'tofu'];
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = names.flatMap((name) =>
    basename(name) === name ? folders.map((folder) => join(folder, name)) : [resolve(name)],
  );
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  const missing = named
    ? `program ${named}, which TERRAFORM_BINARY_NAME names`
    : 'terraform and no tofu on PATH';
  throw new Error(`There is no ${missing}, and this needs a real one.
Get Terraform:  https://developer.hashicorp.com/terraform/install
or OpenTofu:    https://opentofu.org/docs/intro/install/
Either is a single program: put it into a folder that is on PATH, then run this again.`);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
