import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ProviderManifest, repository } from '../provider-build.js';

/** One build of the provider, in a folder of its own: a build that ends meanwhile changes nothing for a test. */
export interface Edition {
  readonly package: string;
  readonly manifest: ProviderManifest;
  remove(): void;
}

/** A copy of what `npm run build` has made; LIGHTSAIL_PROVIDER_BUILD names another `dist/provider` to test. */
export function builtEdition(): Edition {
  const scratch = mkdtempSync(join(tmpdir(), 'lightsail-access-key-edition-'));
  const build = process.env.LIGHTSAIL_PROVIDER_BUILD ?? join(repository, 'dist/provider');
  cpSync(build, join(scratch, 'dist/provider'), { recursive: true });
  return editionIn(scratch);
}

/** A module of `src` with another behaviour: `behind` is the import of the real one in the mutant's text. */
export interface Mutation {
  readonly module: string;
  readonly behind: string;
  readonly text: string;
}

/** The provider built from the sources with one module taken over by another. */
export function mutatedEdition({ module, behind, text }: Mutation): Edition {
  const scratch = mkdtempSync(join(tmpdir(), 'lightsail-access-key-mutant-'));
  for (const name of ['src', 'scripts', 'package.json']) {
    cpSync(join(repository, name), join(scratch, name), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(scratch, 'node_modules'));
  const path = join(scratch, 'src', module);
  renameSync(path, join(dirname(path), behind));
  writeFileSync(path, text);
  mkdirSync(join(scratch, 'dist'));
  const build = `import { buildProvider } from ${JSON.stringify(join(scratch, 'scripts/build/provider.mjs'))};
    await buildProvider(${JSON.stringify(scratch)}, { release: false });`;
  const built = spawnSync(process.execPath, ['--input-type=module', '--eval', build], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The mutant of ${module} cannot be built: ${built.stderr}`);
  return editionIn(scratch);
}

function editionIn(scratch: string): Edition {
  const provider = join(scratch, 'dist/provider');
  return {
    package: join(provider, 'package'),
    manifest: JSON.parse(readFileSync(join(provider, 'manifest.json'), 'utf8')) as ProviderManifest,
    remove: () => {
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
