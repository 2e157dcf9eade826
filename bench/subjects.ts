import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmulatorProcess } from './emulator-process.js';
import { mirrorIn } from '../test/support/provider-mirror.js';
import { type Cost, measure } from './measure.js';

export type SubjectName = 'terraform' | 'ours' | 'aws';

export interface Surroundings {
  readonly root: string;
  readonly terraform: string;
  /** A folder of the bench's own. */
  readonly scratch: string;
  readonly emulator: EmulatorProcess;
}

/** One configuration with one resource, in a folder of its own, and the bucket that it is for. */
export class Subject {
  readonly #folder: string;
  readonly #env: Record<string, string>;
  readonly #bucket: string;

  constructor(
    readonly name: SubjectName,
    private readonly around: Surroundings,
  ) {
    this.#folder = join(around.scratch, name);
    this.#bucket = `bench-${name}`;
    this.#env = environment(around);
  }

  async prepare(): Promise<void> {
    await mkdir(this.#folder);
    await this.around.emulator.emptyBucket(this.#bucket);
    await this.#configure();
    await this.#run('init');
  }

  /** Makes the one resource, from an empty state. */
  apply(): Promise<Cost> {
    return this.#run('apply', '-auto-approve');
  }

  /** Fails unless there is nothing to do. */
  planWithoutChange(): Promise<Cost> {
    return this.#run('plan', '-detailed-exitcode');
  }

  /** Back to an empty state and an empty bucket, without Terraform. */
  async reset(): Promise<void> {
    const made = (await readdir(this.#folder)).filter((name) => /tfstate|key\.json/.test(name));
    await Promise.all(made.map((name) => rm(join(this.#folder, name))));
    await this.around.emulator.emptyBucket(this.#bucket);
  }

  #run(command: string, ...options: readonly string[]): Promise<Cost> {
    const line = [this.around.terraform, command, '-input=false', '-no-color', ...options];
    return measure(line, this.#folder, this.#env);
  }

  async #configure(): Promise<void> {
    const { root, emulator } = this.around;
    const write = (text: string) => writeFile(join(this.#folder, 'main.tf'), text);
    if (this.name === 'terraform') await write(terraformAlone);
    if (this.name === 'aws') {
      this.#env.TF_CLI_CONFIG_FILE = await useMirror(this.#folder);
      await write(awsHead(emulator.url) + aws(this.#bucket));
    }
    if (this.name === 'ours') await write((await placeOurs(root, this.#folder)) + ours(this.#bucket));
  }
}

/** All alike, and nothing else of the machine's environment: no NODE_EXTRA_CA_CERTS above all. */
export function environment({ scratch, emulator }: Surroundings): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? scratch,
    TMPDIR: scratch,
    TF_CLI_CONFIG_FILE: '/dev/null',
    TF_IN_AUTOMATION: 'true',
    CHECKPOINT_DISABLE: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    ...emulator.env,
  };
}

/** Puts our provider where Terraform finds it; answers the head of a configuration that uses it. */
export async function placeOurs(root: string, folder: string): Promise<string> {
  const { source, version } = JSON.parse(
    await readFile(join(root, 'dist/provider/manifest.json'), 'utf8'),
  ) as { source: string; version: string };
  const place = join(folder, 'terraform.d/plugins', source, version, platform());
  await cp(join(root, 'dist/provider/package'), place, { recursive: true });
  return oursHead(source, version);
}

/** Makes hashicorp/aws installable; answers the path of the CLI configuration for it. */
export async function useMirror(folder: string): Promise<string> {
  const path = join(folder, 'terraform.rc');
  await writeFile(path, mirrorConfiguration(await mirrorIn(folder)));
  return path;
}

const terraformAlone = `resource "terraform_data" "key" {
  input = "bench"
}
`;

const oursHead = (source: string, version: string) => `terraform {
  required_providers {
    lightsail = {
      source  = "${source}"
      version = "${version}"
    }
  }
}
`;

const ours = (bucket: string) => `resource "lightsail_bucket_access_key" "key" {
  bucket_name = "${bucket}"
  secret {
    file { path = "key.json" }
  }
  verify      = false
}
`;

export const AWS_PROVIDER_VERSION = '5.100.0';

export const awsHead = (url: string) => `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "${AWS_PROVIDER_VERSION}"
    }
  }
}
provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  endpoints {
    lightsail = "${url}"
  }
}
`;

const aws = (bucket: string) => `resource "aws_lightsail_bucket_access_key" "key" {
  bucket_name = "${bucket}"
}
`;

const mirrorConfiguration = (mirror: string) => `provider_installation {
  filesystem_mirror {
    path = ${JSON.stringify(mirror)}
  }
}
`;

function platform(): string {
  return `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
}
