import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { titlesOf } from '../../support/documentation/test-titles.js';
import { repository } from '../../support/provider-build.js';

const page = readFileSync(join(repository, 'docs/destinations.md'), 'utf8');
const evidence = readFileSync(join(repository, 'test/e2e/documentation/destinations.md'), 'utf8');

/** The rows of the table whose first headings are these, its headings among them; without the line between. */
function table(text: string, ...headings: readonly string[]): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const row = new RegExp(`^\\| ${headings.join(' +\\| ')} +\\|`);
  const first = lines.findIndex((line) => row.test(line));
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines
    .slice(first, first + length)
    .filter((_, index) => index !== 1)
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('\\|', '|')));
}

const [[, ...aspects] = [], ...destinations] = table(page, 'destination', 'journal');
const cells = destinations.flatMap(([destination = '', ...row]) =>
  aspects.map((aspect, column) => [`${destination}: ${aspect}`, row[column] ?? ''] as const),
);
const shown = table(evidence, 'cell').slice(1);

test('the matrix has every destination of the contract', () => {
  const members = ['file', 'terraform_output', 'secrets_manager', 'ssm_parameter', 'vault_kv', 'command'];
  expect(destinations.map(([name]) => name)).toEqual(members.map((member) => `\`${member}\``));
  expect(aspects).toEqual(['journal', 'versions', 'rollback', 'read right needed', 'deletion', 'limits']);
});

test.each(cells)('%s says something, and names a test that shows it', (cell, text) => {
  expect(text).not.toBe('');
  expect(shown.map(([name]) => name)).toContain(cell);
});

test.each(shown.map(([cell = '', path = '', title = '']) => [cell, path, title] as const))(
  '%s is shown by %s, which has the test: %s',
  (cell, path, title) => {
    expect(cells.map(([name]) => name)).toContain(cell);
    const file = join(repository, 'test', path.replaceAll('`', ''));
    expect(existsSync(file)).toBe(true);
    expect(titlesOf(file).some((pattern) => pattern.test(title))).toBe(true);
  },
);

test('a title that no test of the file has is found out', () => {
  const [[, path = '', title = ''] = []] = shown;
  const titles = titlesOf(join(repository, 'test', path.replaceAll('`', '')));
  expect(titles.some((pattern) => pattern.test(`${title}, always`))).toBe(false);
});
