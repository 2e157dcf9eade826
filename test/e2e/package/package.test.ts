import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { Emulator } from '../../../src/emulator/index.js';
import { run, succeeds } from '../../support/command.js';
import { placeCdktnProviderAws } from '../../support/frameworks/cdktn-provider-aws.js';
import { crossTypeUses } from '../../support/frameworks/uses.js';
import { repository } from '../../support/provider-build.js';
import { Terraform } from '../../support/terraform.js';

let packed: string;
let folder: string;
let emulator: Emulator;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'lightsail-access-key-project-')));
  emulator = await Emulator.start({ buckets: ['uploads'] });
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await succeeds('npm', pack, { cwd: repository });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  packed = join(folder, filename);
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** An empty project in which the packed package is installed, with what else is given. */
async function install(...others: readonly string[]): Promise<string> {
  const project = mkdtempSync(join(folder, 'project-'));
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', packed, ...others];
  await succeeds('npm', args, { cwd: project });
  return project;
}

const stack = (framework: string, entry: string, filled: string) => `
import { App, TerraformOutput, TerraformStack } from '${framework}';
import { BucketAccessKey, LightsailProvider, SecretDestination } from '${entry}';

const app = new App();
const stack = new TerraformStack(app, 'stack');
new LightsailProvider(stack, 'lightsail', { region: 'us-east-1' });
const key = new BucketAccessKey(stack, 'uploads', {
  bucketName: 'uploads',
  secret: ${filled},
});
new TerraformOutput(stack, 'access-key-id', { value: key.accessKeyId });
app.synth();
`;

const asCommonJs = (code: string) =>
  code.replaceAll(/^import (\{.*\}) from ('.*');$/gm, 'const $1 = require($2);');

describe.each([
  {
    framework: 'cdktf',
    entry: 'cdktf-lightsail-access-key',
    others: ['cdktf@0.21.0', 'constructs@10.4.2'],
    other: { framework: 'cdktn', entry: 'cdktf-lightsail-access-key/cdktn', name: 'CDK Terrain' },
    own: 'CDKTF',
  },
  {
    framework: 'cdktn',
    entry: 'cdktf-lightsail-access-key/cdktn',
    others: ['cdktn@0.24.0', 'constructs@10.7.2'],
    other: { framework: 'cdktf', entry: 'cdktf-lightsail-access-key', name: 'CDKTF' },
    own: 'CDK Terrain',
  },
])('the packed package, installed beside $framework alone', ({ framework, entry, others, other, own }) => {
  let project: string;
  beforeAll(async () => {
    project = await install(...others);
  });

  test('brings no other framework', async () => {
    await succeeds('npm', ['ls', '--all'], { cwd: project });
    expect(existsSync(join(project, 'node_modules', framework))).toBe(true);
    expect(existsSync(join(project, 'node_modules', other.framework))).toBe(false);
    expect(readdirSync(join(project, 'node_modules')).filter((name) => name.startsWith('@'))).toEqual([]);
  });

  test('makes a key by a stack of fifteen lines', async () => {
    const code = stack(framework, entry, "SecretDestination.file({ path: 'key.json' })");
    writeFileSync(join(project, 'main.cjs'), asCommonJs(code));
    await succeeds(process.execPath, ['main.cjs'], { cwd: project });
    const terraform = await Terraform.create({
      folder: join(project, 'cdktf.out/stacks/stack'),
      env: emulator.env,
    });
    try {
      await terraform.succeeds('init');
      await terraform.succeeds('apply', '-auto-approve');
      expect(emulator.keys('uploads')).toHaveLength(1);
      await terraform.succeeds('destroy', '-auto-approve');
    } finally {
      await terraform.cleanup();
    }
  });

  test('is imported by name from an ES module', async () => {
    const code = stack(framework, entry, "SecretDestination.file({ path: 'key.json' })");
    writeFileSync(join(project, 'main.mjs'), code);
    await succeeds(process.execPath, ['main.mjs'], { cwd: project });
  });

  test.each(['node10', 'node16', 'bundler'] as const)(
    'has types, also those of its framework, under moduleResolution %s',
    (resolution) => {
      const programs = {
        'stack.ts': stack(framework, entry, 'SecretDestination.terraformOutput()'),
        'module.mts': stack(framework, entry, "SecretDestination.file({ path: 'key.json' })"),
        'uses.ts': crossTypeUses(framework, entry),
      };
      for (const [name, code] of Object.entries(programs)) writeFileSync(join(project, name), code);
      const paths = Object.keys(programs).map((name) => join(project, name));
      expect(complaints(paths, resolution)).toEqual([]);
    },
  );

  test('says at the import of the other entry which one to import', async () => {
    const { code, stderr } = await run(process.execPath, ['-e', `require('${other.entry}')`], {
      cwd: project,
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      `Error: "${other.entry}" needs ${other.name}, and the package ${other.framework} is not installed. ` +
        `No access key is touched. You have ${own}: import from "${entry}" instead.`,
    );
  });

  test('says which package makes a secret of Secrets Manager', async () => {
    const code = asCommonJs(stack(framework, entry, 'SecretDestination.newSecretsManagerSecret()'));
    const without = await run(process.execPath, ['-e', code], { cwd: project });
    expect(without.stderr).toContain(`Run npm install @${framework}/provider-aws;`);
  });
});

test('beside cdktn, a secret of Secrets Manager is made with @cdktn/provider-aws', async () => {
  const project = await install('cdktn@0.24.0', 'constructs@10.7.2');
  placeCdktnProviderAws(project);
  const code = asCommonJs(
    stack(
      'cdktn',
      'cdktf-lightsail-access-key/cdktn',
      'SecretDestination.newSecretsManagerSecret({ createKmsKey: true, resourcePolicy: "{}" })',
    ),
  ).replace(
    'app.synth',
    "new (require('@cdktn/provider-aws/lib/provider').AwsProvider)(stack, 'aws'); app.synth",
  );
  await succeeds(process.execPath, ['-e', code], { cwd: project });
});

describe('the packed package, installed alone', () => {
  let project: string;
  beforeAll(async () => {
    project = await install();
  });

  test('brings constructs at most', () => {
    const found = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(found).toEqual(['cdktf-lightsail-access-key', 'constructs']);
  });

  test('brings its command', async () => {
    const command = join(project, 'node_modules/.bin/lightsail-access-key');
    const { stdout } = await succeeds(command, ['mirror', 'mirror'], { cwd: project });
    expect(stdout).toContain('npm.invalid/cdktf/lightsail');
  });

  test('brings its emulator', async () => {
    const code = `require('cdktf-lightsail-access-key/emulator').Emulator.start().then((e) => e.close())`;
    await succeeds(process.execPath, ['-e', code], { cwd: project });
  });

  test.each([
    [
      'cdktf-lightsail-access-key',
      'cdktf',
      'with CDK Terrain import from "cdktf-lightsail-access-key/cdktn"',
    ],
    ['cdktf-lightsail-access-key/cdktn', 'cdktn', 'with CDKTF import from "cdktf-lightsail-access-key"'],
  ])('says at the import of %s to install %s', async (entry, framework, otherwise) => {
    const { stderr } = await run(process.execPath, ['-e', `require('${entry}')`], { cwd: project });
    expect(stderr).toContain(`Run npm install ${framework}; ${otherwise}.`);
  });
});

type Resolution = 'node10' | 'node16' | 'bundler';

const modules: Readonly<Record<Resolution, Pick<ts.CompilerOptions, 'module' | 'moduleResolution'>>> = {
  node10: { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
  node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

/** What a strict compiler, which looks into the declarations of packages as well, has against programs of a project. */
function complaints(paths: readonly string[], resolution: Resolution): string[] {
  const program = ts.createProgram(paths, {
    ...modules[resolution],
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    typeRoots: [join(repository, 'node_modules/@types')],
    types: ['node'],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName ?? ''} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}
