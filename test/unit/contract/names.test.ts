import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_NAME, PACKAGE_VERSION } from '../../../src/contract/names.js';

it('names the package as its manifest does', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: PACKAGE_NAME, version: PACKAGE_VERSION });
});
