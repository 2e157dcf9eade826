import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { repository } from '../provider-build.js';

/** A piece of TypeScript that the documentation shows. */
export interface Snippet {
  /** Where it stands: `src/constructs/bucket-access-key.ts: BucketAccessKey`. */
  readonly title: string;
  readonly code: string;
}

/** Every `@example` of the sources, or of those in some folders. */
export function docstringSnippets(folders = /^src\//): Snippet[] {
  const within = sources().filter(({ fileName }) => folders.test(fileName));
  return within.flatMap((source) =>
    nodesOf(source).flatMap((node) =>
      examplesAt(node).map((code) => ({ title: `${source.fileName}: ${nameOf(node)}`, code })),
    ),
  );
}

/** Every block of TypeScript in the project's pages. */
export function pageSnippets(): Snippet[] {
  return pagePaths().flatMap(snippetsOfPage);
}

/** The project's pages. */
export function pagePaths(): readonly string[] {
  const files = [
    ...readdirSync(repository).map((name) => join(repository, name)),
    ...filesBelow('docs'),
    ...filesBelow('examples'),
  ];
  return files.filter((path) => path.endsWith('.md'));
}

function snippetsOfPage(path: string): Snippet[] {
  const text = readFileSync(path, 'utf8');
  return Array.from(
    text.matchAll(/^```(?:ts|typescript)\b.*\n([^]*?)^```$/gm),
    ({ index, 1: code = '' }) => ({
      title: `${relative(repository, path)}:${text.slice(0, index).split('\n').length}`,
      code,
    }),
  );
}

/**
 * What a user of the package makes: the classes of the construct library that can be constructed, and the functions
 * that make a value. What only reads attributes is found by its owner.
 */
export function makersOfTheLibrary(): string[] {
  return sources()
    .filter(({ fileName }) => /^src\/(constructs|cdktn)\/[^/]+$/.test(fileName))
    .flatMap((source) => nodesOf(source))
    .filter((node) => isConstruct(node) || isFactory(node))
    .map(nameOf);
}

/** The names, as in a snippet's title, of what has an example. */
export function namesOf(snippets: readonly Snippet[]): string[] {
  return snippets.map(({ title }) => title.replace(/^.*: /, ''));
}

function isConstruct(node: ts.Node): boolean {
  if (!ts.isClassDeclaration(node) || !has(node, ts.SyntaxKind.ExportKeyword)) return false;
  const parents = (node.heritageClauses ?? []).map((clause) => clause.getText());
  return parents.length > 0 && !parents.some((parent) => /\bComplex(Object|List)\b/.test(parent));
}

function isFactory(node: ts.Node): boolean {
  return ts.isMethodDeclaration(node) && has(node, ts.SyntaxKind.StaticKeyword);
}

function has(node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
  return (node.modifiers ?? []).some((modifier) => modifier.kind === kind);
}

function sources(): ts.SourceFile[] {
  return filesBelow('src')
    .filter((path) => path.endsWith('.ts'))
    .map((path) => {
      const name = relative(repository, path);
      return ts.createSourceFile(name, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
    });
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
}

function nodesOf(node: ts.Node): ts.Node[] {
  const found = [node];
  node.forEachChild((child) => {
    found.push(...nodesOf(child));
  });
  return found;
}

function examplesAt(node: ts.Node): string[] {
  // Not ts.getJSDocTags(): it also answers what a node inherits from the one around it.
  return ts
    .getJSDocCommentsAndTags(node)
    .filter((doc) => ts.isJSDoc(doc) && doc.parent === node)
    .flatMap((doc) => (ts.isJSDoc(doc) ? (doc.tags ?? []) : []))
    .filter((tag) => tag.tagName.text === 'example')
    .map((tag) => ts.getTextOfJSDocComment(tag.comment) ?? '');
}

function nameOf(node: ts.Node): string {
  const { name } = node as { name?: ts.Node };
  const own = name?.getText() ?? '?';
  return ts.isClassDeclaration(node.parent) ? `${nameOf(node.parent)}.${own}` : own;
}
