import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../provider-build.js';

/** What of it the constructs and the tests use. */
const MODULES = [
  'provider',
  'kms-key',
  'lightsail-bucket',
  'lightsail-bucket-access-key',
  'secretsmanager-secret',
  'secretsmanager-secret-policy',
];

/**
 * Stands in for `@cdktn/provider-aws`, 476 MB: some modules of `@cdktf/provider-aws`, generated from the same schema in
 * the same form, which import `cdktn` instead of `cdktf`.
 */
export function placeCdktnProviderAws(project: string): void {
  const from = join(repository, 'node_modules/@cdktf/provider-aws');
  const to = join(project, 'node_modules/@cdktn/provider-aws');
  for (const name of MODULES) {
    mkdirSync(join(to, 'lib', name), { recursive: true });
    for (const file of ['index.js', 'index.d.ts']) {
      const text = readFileSync(join(from, 'lib', name, file), 'utf8');
      const renamed = text.replaceAll(/(['"])cdktf\1/g, '$1cdktn$1').replaceAll('@cdktf/', '@cdktn/');
      writeFileSync(join(to, 'lib', name, file), renamed);
    }
  }
  writeFileSync(join(to, 'package.json'), '{ "name": "@cdktn/provider-aws", "version": "25.0.0" }');
}
