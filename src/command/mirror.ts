import { resolve } from 'node:path';
import { placeProvider } from '../constructs/private/plugin-folder.js';
import { type ProviderPackage, providerPackage } from '../constructs/private/provider-package.js';
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
    if (folder === undefined || others.length > 0) throw new UsageError('Give one folder.', usage);
    const provider = providerPackage();
    placeProvider(resolve(folder), provider);
    console.log(
      `${provider.source} ${provider.version} is in ${resolve(folder)}\n\n${requirement(provider)}`,
    );
  },
};

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
