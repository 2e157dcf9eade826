import { readdirSync } from 'node:fs';
import { join } from 'node:path';

// For Stryker, as one file: so they load what they test once for each mutant, and not each of them again. Without the
// histories, which would take most of the time and find no mutant that the tables do not.
for (const name of readdirSync(__dirname)) {
  if (/^decide(?!-histories).*\.test\.ts$/.test(name)) {
    describe(name, () => {
      jest.requireActual(join(__dirname, name));
    });
  }
}
