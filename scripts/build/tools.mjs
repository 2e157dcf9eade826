import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What a build runs, by the names of their packages. */
const TOOLS = ['esbuild', 'typescript'];

/** Those that are not installed, as in a clean clone before `npm ci`. */
export function missingTools() {
  return TOOLS.filter((name) => {
    try {
      require.resolve(name);
      return false;
    } catch {
      return true;
    }
  });
}
