import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TerraformStack } from 'cdktf';
import { LightsailProvider } from '../../../src/constructs/index.js';
import { CLI_CONFIGURATION, cliProblems } from '../../../src/constructs/private/cli-configuration.js';
import { placeProvider, providerPackage } from '../../../src/constructs/private/provider-package.js';
import { temporaryFolder } from '../../support/temporary/folder.js';
import { appIn } from './stacks.js';

const provider = providerPackage();

let home: string;
let folder: string;
beforeEach(() => {
  home = temporaryFolder('home');
  folder = join(home, 'stack');
  placeProvider(join(folder, 'terraform.d/plugins'), provider);
});

function write(name: string, text: string): string {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const problems = (environment: NodeJS.ProcessEnv = {}) =>
  cliProblems(folder, provider, { HOME: home, ...environment });

const block = (methods: string) => `provider_installation {\n${methods}\n}\n`;
const ours = 'filesystem_mirror {\n path = "terraform.d/plugins"\n include = ["npm.invalid/*/*"]\n}';

const remedy = /Add to that block\n\n {2}filesystem_mirror \{\n {4}path {4}= "terraform\.d\/plugins"\n/;

test.each([
  ['no CLI configuration', ''],
  ['one without a provider_installation block', 'plugin_cache_dir = "/cache"\n'],
  ['one whose block is a comment', '# provider_installation {\n/* provider_installation { direct {} } */\n'],
  ['a block with the remedy', block(`${ours}\ndirect {\n exclude = ["npm.invalid/*/*"]\n}`)],
  ['the configuration that synthesis writes', CLI_CONFIGURATION],
])('%s is no problem', (_, text) => {
  write('.terraformrc', text);
  expect(problems()).toEqual([]);
});

test.each([
  ['direct', 'direct {}'],
  ['a corporate mirror', 'network_mirror {\n url = "https://mirror.example/"\n}'],
  ['development overrides', 'dev_overrides {\n "hashicorp/aws" = "/aws"\n}\ndirect {}'],
  ['our provider excluded and nowhere included', 'direct {\n exclude = ["npm.invalid/*/*"]\n}'],
  ['a mirror of other providers', 'filesystem_mirror {\n path = "/mirror"\n include = ["hashicorp/*"]\n}'],
  ['a mirror of all providers without ours', 'filesystem_mirror {\n path = "/mirror"\n}'],
])('a block with %s is a problem, whose remedy can be pasted', (_, methods) => {
  const path = write('.terraformrc', block(methods));
  expect(problems()).toEqual([expect.stringMatching(remedy)]);
  expect(problems()[0]).toContain(`${path} has a provider_installation block`);
  expect(problems()[0]).toContain('could not connect to npm.invalid');
});

test('a mirror that holds this version is no problem, and one that does not is to be made anew', () => {
  const mirror = join(home, 'mirror');
  write('.terraformrc', block(`filesystem_mirror {\n path = "${mirror}"\n include = ["npm.invalid/*/*"]\n}`));
  expect(problems()).toEqual([expect.stringContaining(`Run: npx lightsail-access-key mirror ${mirror}`)]);
  placeProvider(mirror, provider);
  expect(problems()).toEqual([]);
});

test.each(['.terraformrc', '.tofurc', '.config/opentofu/tofurc', '.terraform.d/mirror.tfrc'])(
  'a block in ~/%s is seen',
  (name) => {
    write(name, block('direct {}'));
    expect(problems()).toHaveLength(1);
  },
);

test('a block in JSON is seen', () => {
  write('.terraform.d/mirror.tfrc.json', '{ "provider_installation": [{ "direct": [{}] }] }');
  expect(problems()).toHaveLength(1);
});

test('a block in terraform.rc of %APPDATA% is seen', () => {
  const path = write('roaming/terraform.rc', block('direct {}'));
  expect(problems({ APPDATA: dirname(path) })).toHaveLength(1);
});

test('TF_CLI_CONFIG_FILE stands for all of them, also where it names no file', () => {
  write('.terraformrc', block('direct {}'));
  const path = write('own.rc', block('direct {}'));
  expect(problems({ TF_CLI_CONFIG_FILE: path })).toEqual([expect.stringContaining(path)]);
  expect(problems({ TF_CLI_CONFIG_FILE: join(home, 'none.rc') })).toEqual([]);
});

test.each(['TF_CLI_ARGS', 'TF_CLI_ARGS_init'])(
  '-plugin-dir in %s is a problem where ours is not there',
  (name) => {
    expect(problems({ [name]: '-no-color -plugin-dir=/plugins' })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${name} has Terraform look for providers in /plugins alone.* Add -plugin-dir=terraform\\.d/plugins`,
        ),
      ),
    ]);
    expect(problems({ [name]: '-plugin-dir=/plugins -plugin-dir=terraform.d/plugins' })).toEqual([]);
    expect(problems({ [name]: '-no-color' })).toEqual([]);
  },
);

test('synthesis warns of it once, however many providers of ours a stack has', () => {
  const before = process.env.TF_CLI_CONFIG_FILE;
  process.env.TF_CLI_CONFIG_FILE = write('own.rc', block('direct {}'));
  try {
    const app = appIn(home);
    const stack = new TerraformStack(app, 'storage');
    new LightsailProvider(stack, 'one', { region: 'us-east-1' });
    new LightsailProvider(stack, 'two', { region: 'eu-west-1', alias: 'two' });
    app.synth();
    expect(stack.node.metadata.map(({ data }) => String(data))).toEqual([expect.stringMatching(remedy)]);
  } finally {
    if (before === undefined) delete process.env.TF_CLI_CONFIG_FILE;
    else process.env.TF_CLI_CONFIG_FILE = before;
  }
});
