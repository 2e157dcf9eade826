import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * CONTRIBUTING says which files one more thing of a kind touches, and names one of that kind that is there: it stands in
 * just those files, so the next one will, too.
 */
const ROWS = readFileSync('CONTRIBUTING.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, added, where, example] =
      /^\| (.*?) +\| (`src\/.*?) +\| (`.*?`(?:, `.*?`)*) +\|$/.exec(line) ?? [];
    return added && where && example ? [{ added, files: ticked(where), examples: ticked(example) }] : [];
  });

const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path: join('src', path), text: readFileSync(join('src', path), 'utf8') }));

function ticked(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, text]) => text ?? []);
}

test('CONTRIBUTING tells of each kind of addition where it goes', () => {
  expect(ROWS.map(({ added }) => added)).toEqual([
    'an argument of the resource',
    'the same argument in a stack',
    'a computed attribute',
    'a hook',
    'what a refresh says of an Inactive key',
    'a finding of the audit',
    'a format of the audit',
    'a fault of the emulator',
    'an error code of AWS',
  ]);
});

test.each(ROWS)('$added goes where CONTRIBUTING says', ({ files, examples }) => {
  const found = SOURCES.filter(({ text }) => examples.some((example) => text.includes(example)));
  expect(found.map(({ path }) => path).sort()).toEqual([...files].sort());
});
