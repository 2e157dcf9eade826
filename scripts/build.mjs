// Builds everything that the package ships:
//
//   dist/lib       the construct library, the emulator and the command (CommonJS and declarations)
//   dist/provider  package/ (the Terraform provider, one folder for all platforms) and manifest.json
//
//   node scripts/build.mjs             a development build, its version derived from its content; none where dist
//                                      is what the sources give already
//   node scripts/build.mjs --force     builds in any case
//   node scripts/build.mjs --release   the version of package.json as it stands (prepublishOnly)
//   node scripts/build.mjs --any       builds only where dist is neither kind of build (prepare, prepack)
//   node scripts/build.mjs --check     builds nothing; fails when dist is not what the sources would give

import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isFresh, recordBuild } from './build/freshness.mjs';
import { missingTools } from './build/tools.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const flag = { type: 'boolean', default: false };
const { values } = parseArgs({ options: { release: flag, check: flag, force: flag, any: flag } });
const { any, check, force, release } = values;

if (check) {
  if (!(await isFresh(root))) {
    console.error('The build is missing or older than its sources. Run: npm run build');
    process.exitCode = 1;
  }
} else if (!force && (await isFresh(root, any ? {} : { release }))) {
  console.log('The build is current.');
} else if (missingTools().length > 0) {
  console.error(
    `The package cannot be built: ${missingTools().join(', ')} of its development dependencies cannot be found. ` +
      `Without dist it holds neither the constructs nor the provider. In its folder run: npm ci`,
  );
  process.exitCode = 1;
} else {
  const started = Date.now();
  try {
    // Only now: they import the tools.
    const [{ buildProvider }, { buildLibrary }] = await Promise.all([
      import('./build/provider.mjs'),
      import('./build/library.mjs'),
    ]);
    const provider = await recordBuild(root, { release }, () =>
      both(buildProvider(root, { release }), buildLibrary(root)),
    );
    const kilobytes = (provider.mainBytes / 1024).toFixed(1);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`Built provider ${provider.version} (main bundle ${kilobytes} KB) in ${seconds} s.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Waits for both, so that the failure of one does not hide what the other has to say. */
async function both(provider, library) {
  const [built, compiled] = await Promise.allSettled([provider, library]);
  for (const { reason } of [built, compiled]) if (reason !== undefined) throw reason;
  return built.value;
}
