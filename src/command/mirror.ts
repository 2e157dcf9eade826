import { resolve } from 'node:path';
import {
  placeProvider,
  providerPackage,
  type ProviderPackage,
} from '../constructs/private/provider-package.js';
import { parse, type Subcommand, UsageError } from './subcommand.js';

const usage = `Usage: lightsail-access-key mirror DIR

Lays the Terraform provider out in DIR as a filesystem mirror, for Linux and macOS on amd64 and arm64. Versions
that are in DIR already stay. Prints the required_providers block that names this version, to paste into your
configuration. Terraform finds the provider with this in its CLI configuration, beside your own methods:

  provider_installation {
    filesystem_mirror {
      path    = "DIR"
      include = ["npm.invalid/*/*"]
    }
    direct {
      exclude = ["npm.invalid/*/*"]
    }
  }`;

export const mirror: Subcommand = {
  name: 'mirror',
  summary: 'lays the provider out as a Terraform filesystem mirror',
  usage,
  run(args) {
    const { positionals } = parse(args, usage, { options: {}, allowPositionals: true });
    const [folder, ...others] = positionals;
    // An empty one, as of a variable that is not set, would be the current folder.
    if (!folder || others.length > 0) throw new UsageError('Give one folder.', usage);
    const provider = providerPackage();
    place(resolve(folder), provider);
    console.log(
      `${provider.source} ${provider.version} is in ${resolve(folder)}\n\n${requirement(provider)}`,
    );
  },
};

function place(folder: string, provider: ProviderPackage): void {
  try {
    placeProvider(folder, provider);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new Error(
      `The provider could not be written into ${folder}, so Terraform does not find it there (${message}). Give a ` +
        `folder, new or there already, into which this user may write.`,
      { cause },
    );
  }
}

/** What a configuration needs to get just this version. */
function requirement({ source, version }: ProviderPackage): string {
  return `terraform {
  required_providers {
    lightsail = {
      source  = "${source}"
      version = "${version}"
    }
  }
}`;
}
