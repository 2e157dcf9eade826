import { readFileSync } from 'node:fs';

/** The version of this npm package. */
export function packageVersion(): string {
  const path = require.resolve('cdktf-lightsail-access-key/package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
