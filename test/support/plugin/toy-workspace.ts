import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary/folder.js';
import { terraformBinary } from '../tools.js';

const ARCHITECTURES: Record<string, string> = { x64: 'amd64', ia32: '386' };

/** A working directory of Terraform's that finds the toy provider without a registry. */
export class ToyWorkspace {
  readonly folder = temporaryFolder('toy-workspace');

  constructor(provider: string) {
    const target = `${platform()}_${ARCHITECTURES[arch()] ?? arch()}`;
    const plugins = join(this.folder, 'terraform.d/plugins/example.test/toys/toy/1.0.0', target);
    mkdirSync(plugins, { recursive: true });
    writeFileSync(join(this.folder, 'empty.tfrc'), '');
    // Keeps its mode, so that Terraform can run it.
    copyFileSync(provider, join(plugins, 'terraform-provider-toy_v1.0.0'));
  }

  /** Sets the configuration: the toy's blocks after the head that every one needs. */
  write(blocks: string): void {
    writeFileSync(
      join(this.folder, 'main.tf'),
      `terraform {\n  required_providers {\n    toy = { source = "example.test/toys/toy" }\n  }\n}\n${blocks}`,
    );
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  state(): {
    resources: { type: string; name: string; instances: { attributes: Record<string, unknown> }[] }[];
  } {
    return JSON.parse(this.read('terraform.tfstate')) as ReturnType<ToyWorkspace['state']>;
  }

  start(...args: string[]) {
    return spawn(terraformBinary(), args, {
      cwd: this.folder,
      env: {
        ...process.env,
        CHECKPOINT_DISABLE: '1',
        TF_CLI_CONFIG_FILE: join(this.folder, 'empty.tfrc'),
        TF_IN_AUTOMATION: '1',
      },
    });
  }

  /** Runs Terraform to its end; the answer is all it printed, and fails if Terraform did, unless told otherwise. */
  run(command: string, { fails = false } = {}): Promise<string> {
    const child = this.start(...command.split(' '), '-no-color');
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    return new Promise((resolve, reject) => {
      child.on('close', (code) => {
        if ((code !== 0) === fails) resolve(output);
        else reject(new Error(`terraform ${command} ended with ${String(code)}:\n${output}`));
      });
    });
  }
}
