import type { Outcome } from './command.js';
import { readManifest } from './provider-build.js';

export interface StackParts {
  /** Body of the provider block. */
  readonly provider?: string;
  /** Arguments of `lightsail_bucket_access_key.key`; without them there is no such resource. */
  readonly key?: string;
  readonly more?: string;
}

/** The head of every plain Terraform configuration of the tests. */
export function providerHead(version: string): string {
  return `terraform {
  required_providers {
    lightsail = {
      source  = "npm.invalid/cdktf/lightsail"
      version = "${version}"
    }
  }
}
`;
}

/** A plain Terraform configuration with our provider and, mostly, one key. */
export function stack({ provider = '', key, more = '' }: StackParts): string {
  const resource = `resource "lightsail_bucket_access_key" "key" {\n  ${key ?? ''}\n}`;
  return `${providerHead(readManifest().version)}
provider "lightsail" {
  ${provider}
}
${key === undefined ? '' : resource}
${more}
`;
}

/** What Terraform says comes wrapped and framed; this undoes both. */
export function unwrap(output: string): string {
  return output.replace(/\s*\n[│╷╵\s]*/g, ' ');
}

/** What Terraform said, in one line. */
export interface Said {
  readonly code: number | null;
  readonly said: string;
}

export function toSaid({ code, stdout, stderr }: Outcome): Said {
  return { code, said: unwrap(`${stdout}\n${stderr}`) };
}
