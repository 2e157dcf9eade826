import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { repository } from '../provider-build.js';
import { pagePaths } from './snippets.js';

export interface HclBlock {
  /** Where it stands: `docs/rotation.md:7`. */
  readonly title: string;
  /** A whole configuration with it. */
  readonly hcl: string;
}

const KEY = `resource "lightsail_bucket_access_key" "uploads" {
  bucket_name = "my-uploads"
  secret {
    file { path = "key.json" }
  }
}
`;

/** What a block is a piece of, by its first word; null where our provider has nothing to do with it. */
const around: Readonly<Record<string, ((block: string) => string) | null>> = {
  resource: (block) =>
    block.includes('resource "lightsail_bucket_access_key" ') ? block : `${block}\n${KEY}`,
  moved: (block) => `${block}\n${KEY}`,
  rotation: (block) => KEY.replace(/}\n$/, `${block}\n}\n`),
  hooks: (block) => KEY.replace(/}\n$/, `${block}\n}\n`),
  // Terraform's own CLI configuration, which tests of the command run.
  provider_installation: null,
  // A policy of Vault.
  path: null,
};

/** Every block of HCL in the project's pages that our provider is to read, but those beside the AWS provider. */
export function hclBlocks(): readonly HclBlock[] {
  return pagePaths().flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return Array.from(text.matchAll(/^```hcl\n([^]*?)^```$/gm), ({ index, 1: block = '' }) => {
      const title = `${relative(repository, path)}:${text.slice(0, index).split('\n').length}`;
      const [word = ''] = /^\w+/.exec(block) ?? [];
      const complete = around[word];
      if (complete === undefined) throw new Error(`${title} begins with "${word}": what is it a piece of?`);
      return { title, hcl: complete === null ? '' : complete(block) };
    }).filter(({ hcl }) => hcl !== '' && !hcl.includes('provider "aws"'));
  });
}
