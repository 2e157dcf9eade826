import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The words that this project has for things are in docs/glossary.md; these are the ones that it has left behind. */

/** In what a user reads. Each names nobody who acts, is a word of ours alone, or says less than the field's word. */
const NOT_IN_TEXTS: readonly RegExp[] = [
  /\b(nobody|somebody|whoever|strangers?|untold|unrouted)\b/i,
  /\b(is|are|was|were) to (be|go|get|hold|replace|write|read|use|make|look)\b/,
  /\b(be|been|is|are|not) told\b/,
  /\bmend(s|ed)?\b/i,
  /\blook(s|ed) after\b/,
  /\bcould be told\b|\bcannot be told\b|\bno journal that could tell\b/,
  /\bdoes not tell (when|whether|its|the)\b/,
  /\bsays nothing\b/,
  /\bwhich is (none|no [a-z]+)\b/,
  /\bits hold\b|\bhold ends\b/,
  /\bit goes all the same\b|: it goes\b|\bgoes (elsewhere|nowhere|in the same apply)\b/,
  /\bnot known to have ended\b/,
  /\bNothing is left behind\b|\bonce that is mended\b/,
  /\bit may take effect\b|\bLook yourself\b/,
  /\bhas to end with status\b/,
  /\bwould be called unmanaged\b/,
  /\bnot in the account of these credentials\b/,
  /\b(turned out to be null|takes its place|took its place)\b/,
];

/** In names, whole or as a part: `untold` is in `untoldOf`. */
const NOT_IN_NAMES = ['glance', 'survey', 'desk', 'sight', 'untold', 'unrouted', 'nobody', 'somebody'];

const NOT_AS_NAMES = ['turnOver', 'turning', 'Turning', 'speakOf', 'isHeld', 'suspects', 'World', 'Order'];

const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join('src', path));

function* nodes(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodes(child);
}

/** Where it is, and what it says: the fixed parts of a template each for itself. */
function said(of: (node: ts.Node) => string | null): readonly (readonly [where: string, text: string])[] {
  return SOURCES.flatMap((path) => {
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext, true);
    return [...nodes(source)].flatMap((node) => {
      const text = of(node);
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      return text === null ? [] : [[`${path}:${line + 1}`, text] as const];
    });
  });
}

function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node) && !ts.isImportDeclaration(node.parent)) return node.text;
  return ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) ? node.text : null;
}

function partsOf(name: string): readonly string[] {
  return name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).map((part) => part.toLowerCase());
}

test('what a user reads has an acting subject, and the words of the field', () => {
  const texts = said(textOf).filter(([, text]) => text.includes(' '));
  expect(texts.length).toBeGreaterThan(1_000);
  expect(texts.filter(([, text]) => NOT_IN_TEXTS.some((word) => word.test(text)))).toEqual([]);
});

test('a name is one of the glossary’s words, and none of those that it has replaced', () => {
  const names = said((node) => (ts.isIdentifier(node) ? node.text : null));
  expect(names.length).toBeGreaterThan(20_000);
  const isReplaced = (name: string) =>
    NOT_AS_NAMES.includes(name) || partsOf(name).some((part) => NOT_IN_NAMES.includes(part));
  expect(names.filter(([, name]) => isReplaced(name))).toEqual([]);
});

test.each([
  'Nobody knows it.',
  'It is to be deleted.',
  'Its status is not told.',
  '--port is x, which is no port',
  'The state says nothing: it is empty.',
  'the next apply deletes it: it goes all the same',
])('the list knows what it is for: %s', (text) => {
  expect(NOT_IN_TEXTS.some((word) => word.test(text))).toBe(true);
});

test.each([
  ['untoldOf', true],
  ['UNTOLD_KEYS', true],
  ['insight', false],
  ['replace', false],
])('%s is a word that was replaced: %s', (name, isReplaced) => {
  expect(partsOf(name).some((part) => NOT_IN_NAMES.includes(part))).toBe(isReplaced);
});
