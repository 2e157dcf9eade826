import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sep } from 'node:path';
import swc from '@swc/jest';
import { forCdktn, inWordsOfCdktn } from '../../scripts/build/for-cdktn.mjs';

const CONSTRUCTS = ['', 'src', 'constructs', ''].join(sep);
const TESTS = ['', 'test', 'unit', 'constructs', ''].join(sep);

/** What decides on the outcome beside the file itself. */
const rules = [import.meta.url, new URL('../../scripts/build/for-cdktn.mjs', import.meta.url)]
  .map((url) => readFileSync(new URL(url), 'utf8'))
  .join('\0');

/** Runs the tests of the constructs on what the build makes of them for CDK Terrain, and the tests in its words. */
export default {
  createTransformer(options) {
    const transformer = swc.createTransformer(options);
    return {
      ...transformer,
      getCacheKey: (...file) =>
        createHash('sha256')
          .update(transformer.getCacheKey(...file))
          .update(rules)
          .digest('hex'),
      process: (text, path, ...others) => transformer.process(rewritten(text, path), path, ...others),
    };
  },
};

function rewritten(text, path) {
  if (path.includes(CONSTRUCTS)) return forCdktn(text, path);
  return path.includes(TESTS) ? inWordsOfCdktn(text) : text;
}
