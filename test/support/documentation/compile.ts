import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { repository } from '../provider-build.js';
import type { Snippet } from './snippets.js';

/** What a project has that was made by `cdktf init --template=typescript`. */
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2018,
  lib: ['lib.es2018.d.ts'],
  module: ts.ModuleKind.CommonJS,
  strict: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node', 'jest'],
};

export type FrameworkName = 'cdktf' | 'cdktn';

/** What a snippet may use without an import when it is only a piece of a stack, beside what the package exports. */
const usual = (framework: FrameworkName): Names => ({
  'node:child_process': ['execFileSync'],
  [`@${framework}/provider-aws/lib/data-aws-iam-policy-document`]: ['DataAwsIamPolicyDocument'],
  [`@${framework}/provider-aws/lib/ecs-task-definition`]: ['EcsTaskDefinition'],
  [`@${framework}/provider-aws/lib/iam-role`]: ['IamRole'],
  [`@${framework}/provider-aws/lib/iam-role-policy`]: ['IamRolePolicy'],
  [`@${framework}/provider-aws/lib/lightsail-bucket`]: ['LightsailBucket'],
  [`@${framework}/provider-aws/lib/provider`]: ['AwsProvider'],
  [framework]: ['App', 'Fn', 'TerraformOutput', 'TerraformStack', 'TerraformVariable', 'Testing'],
  // The matchers of `Testing`.
  [`${framework}/lib/testing/adapters/jest`]: [],
});

/** What modules export, by their names. */
export type Names = Readonly<Record<string, readonly string[]>>;

/**
 * Compiles snippets as a user's project would, against the built types of the package: what the compiler has against
 * each, by title. A snippet that imports something is a program; any other is a piece of a stack, which is there as
 * `this` and as `stack`, beside a `bucket`, a `key` and a `role`; it may use what the package exports.
 */
export function complaintsAbout(
  snippets: readonly Snippet[],
  exported: Names,
  framework: FrameworkName = 'cdktf',
): Map<string, string[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'documentation-')));
  try {
    install(folder);
    const paths = snippets.map(({ code }, index) => {
      const path = join(folder, `snippet-${index}.ts`);
      writeFileSync(
        path,
        /^import\b/m.test(code) ? code : pieceOfStack(code, { ...usual(framework), ...exported }),
      );
      return path;
    });
    const program = ts.createProgram(paths, { ...options, typeRoots: [join(folder, 'node_modules/@types')] });
    const found = ts.getPreEmitDiagnostics(program);
    const about = (path: string) =>
      found
        .filter(({ file }) => file?.fileName === path)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    const [nowhere] = found.filter(({ file }) => !file || !paths.includes(file.fileName));
    if (nowhere) throw new Error(ts.flattenDiagnosticMessageText(nowhere.messageText, '\n'));
    return new Map(snippets.map(({ title }, index) => [title, about(paths[index] ?? '')]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The package as a user installs it, and beside it what it needs. */
function install(folder: string): void {
  const packages = join(repository, 'node_modules');
  const place = (name: string, target: string) => {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  };
  place('cdktf-lightsail-access-key', repository);
  for (const name of ['cdktf', 'cdktn', 'constructs', '@cdktf', '@types']) place(name, join(packages, name));
  // 476 MB, and the same names and arguments.
  place('@cdktn/provider-aws', join(packages, '@cdktf/provider-aws'));
  for (const name of readdirSync(join(packages, '@aws-sdk')).filter((each) => each.startsWith('client-'))) {
    place(`@aws-sdk/${name}`, join(packages, '@aws-sdk', name));
  }
}

function pieceOfStack(code: string, usable: Names): string {
  const imports = Object.entries(usable);
  return `${imports.map(([module, names]) => `import { ${names.join(', ')} } from '${module}';`).join('\n')}
declare const bucket: LightsailBucket;
declare const key: BucketAccessKey;
declare const role: IamRole;
declare const stack: TerraformStack;
export async function example(this: TerraformStack): Promise<void> {
${code}
}
`;
}
