import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What may stand in a title for something that only a run knows: `${which}`, `%s`, `$route`. */
const OPEN = /%[sdifjoOp#%]|\$[a-z][\w.]*/gi;

/**
 * Patterns of the titles of all tests that a test file runs: its own, and those of the suites that it takes from
 * other modules of the tests.
 */
export function titlesOf(path: string): readonly RegExp[] {
  return modulesOf(path).flatMap((source) => titlesIn(source));
}

/** The file itself, and what it and those import that is no test file, wherever that leads within the tests. */
function modulesOf(path: string, seen = new Set<string>()): ts.SourceFile[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const suites = source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const { text } = statement.moduleSpecifier;
    const isOurs = text.startsWith('.') && !text.includes('/src/') && !text.endsWith('.mjs');
    return isOurs ? [join(dirname(path), text.replace(/\.js$/, '.ts'))] : [];
  });
  return [source, ...suites.flatMap((suite) => modulesOf(suite, seen))];
}

function titlesIn(node: ts.Node): RegExp[] {
  const found: RegExp[] = [];
  node.forEachChild((child) => {
    found.push(...titlesIn(child));
  });
  if (!ts.isCallExpression(node) || !isTest(node.expression)) return found;
  const [title] = node.arguments;
  return title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))
    ? [...found, patternOf(title)]
    : found;
}

/** `it(…)`, `test(…)`, `it.each(…)(…)`. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ['it', 'test'].includes(callee.text);
  if (ts.isCallExpression(callee)) return isTest(callee.expression);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'each' && isTest(callee.expression);
}

function patternOf(title: ts.StringLiteralLike | ts.TemplateExpression): RegExp {
  const parts = ts.isTemplateExpression(title)
    ? [title.head.text, ...title.templateSpans.map(({ literal }) => literal.text)]
    : [title.text];
  const pattern = parts
    .flatMap((part) => part.split(OPEN))
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.+')}$`);
}
