import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LocalBackend, TerraformStack } from 'cdktf';

/** An output folder for one app; the test removes it. */
export async function outputFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'lightsail-access-key-app-')));
}

/** Synthesizes an app of one stack; returns the stack's folder, in which Terraform runs. */
export function synthesizeInto(outdir: string, fill: (stack: TerraformStack) => void): string {
  const app = new App({ outdir, stackTraces: false });
  const stack = new TerraformStack(app, 'stack');
  // CDKTF's own choice is the folder in which the app runs: here, the repository's.
  new LocalBackend(stack, { path: join(outdir, 'terraform.tfstate') });
  fill(stack);
  app.synth();
  return join(outdir, 'stacks/stack');
}
