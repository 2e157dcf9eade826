// node scripts/build/compile-cdktn.mjs: compiles the constructs a second time, for CDK Terrain.
//
//   src/constructs/x.ts, rewritten  →  dist/lib/constructs-cdktn/x.js, x.d.ts
//   src/cdktn/x.ts                  →  dist/lib/cdktn/x.js, x.d.ts
//
// The rewritten sources are nowhere on the disk: the compiler reads them from memory. Types of @cdktn/provider-aws, 476 MB,
// are those of @cdktf/provider-aws, from the same schema.

import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { forCdktn } from './for-cdktn.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const constructs = join(root, 'src/constructs');
const rewritten = join(root, 'src/constructs-cdktn');
const own = join(root, 'src/cdktn');

const { options, errors } = ts.getParsedCommandLineOfConfigFile(
  join(root, 'tsconfig.build.json'),
  { paths: { '@cdktn/provider-aws/*': [join(root, 'node_modules/@cdktf/provider-aws/*')] } },
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: report },
);
const host = ts.createCompilerHost(options);
const { fileExists, directoryExists, readFile, writeFile } = host;
host.fileExists = (path) => fileExists(original(path));
host.directoryExists = (path) => directoryExists(original(path));
host.readFile = (path) => {
  const text = readFile(original(path));
  if (text === undefined) return undefined;
  const isConstruct = isBelow(rewritten, path);
  const name = relative(root, original(path));
  if (isConstruct) return forCdktn(text, name);
  // There it imports what it imports here, for the editor, from the constructs for CDKTF.
  return isBelow(own, path) ? text.replaceAll("'../constructs/", "'../constructs-cdktn/") : text;
};
// What both builds share is written by the first one.
host.writeFile = (path, ...others) => {
  const folder = relative(options.outDir, path).split(sep)[0];
  if (folder === 'constructs-cdktn' || folder === 'cdktn') writeFile(path, ...others);
};

const program = ts.createProgram([join(own, 'index.ts')], options, host);
const { diagnostics } = program.emit();
const found = [...errors, ...ts.getPreEmitDiagnostics(program), ...diagnostics];
found.forEach(report);
if (found.length > 0) process.exitCode = 1;

function original(path) {
  return isBelow(rewritten, path) ? join(constructs, relative(rewritten, path)) : path;
}

function isBelow(folder, path) {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

function report(diagnostic) {
  console.error(ts.formatDiagnostic(diagnostic, host ?? ts.createCompilerHost({})));
}
