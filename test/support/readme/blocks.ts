import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../provider-build.js';

/** The fenced block of README.md behind `<!-- readme: NAME -->`, as it stands there. */
export function readmeBlock(name: string): string {
  const text = readFileSync(join(repository, 'README.md'), 'utf8');
  const blocks = [
    ...text.matchAll(new RegExp(`<!-- readme: ${name} -->\\s*\`\`\`\\w+\\n([^]*?)\`\`\``, 'g')),
  ];
  const [block] = blocks;
  if (block?.[1] === undefined || blocks.length > 1) {
    throw new Error(`README.md has ${blocks.length} blocks behind <!-- readme: ${name} -->, and not one.`);
  }
  return block[1];
}

/** What the README says a user of CDK Terrain writes instead. */
export function forCdkTerrain(text: string): string {
  return text
    .replace('cdktf@0.21 cdktf-cli@0.21', 'cdktn@0.24 cdktn-cli@0.24')
    .replace("from 'cdktf'", "from 'cdktn'")
    .replace("from 'cdktf-lightsail-access-key'", "from 'cdktf-lightsail-access-key/cdktn'")
    .replace('npx cdktf ', 'npx cdktn ');
}
