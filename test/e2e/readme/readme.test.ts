import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run, succeeds } from '../../support/command.js';
import { repository } from '../../support/provider-build.js';
import { forCdkTerrain, readmeBlock } from '../../support/readme/blocks.js';
import { Registry } from '../../support/readme/registry.js';
import { temporaryFolder } from '../../support/temporary/folder.js';
import { terraformBinary } from '../../support/tools.js';

const tools = temporaryFolder('tools');

let registry: Registry;
let cache: string;
beforeAll(async () => {
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', tools];
  const { stdout } = await succeeds('npm', pack, { cwd: repository });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const asked = (name: string) => succeeds('npm', ['config', 'get', name], { cwd: repository });
  const [elsewhere, folder] = await Promise.all([asked('registry'), asked('cache')]);
  cache = folder.stdout.trim();
  registry = await Registry.start(join(tools, filename), elsewhere.stdout.trim());
});
afterAll(() => registry.close());

/** A reader's machine: Terraform, Node and npm, an empty home, and no AWS. */
function environment(home: string, node = process.execPath): NodeJS.ProcessEnv {
  return {
    PATH: [dirname(node), dirname(terraformBinary()), process.env.PATH].join(delimiter),
    HOME: home,
    // npx and its like leave their caches there.
    TMPDIR: home,
    CI: 'true',
    CHECKPOINT_DISABLE: '1',
    TERRAFORM_BINARY_NAME: terraformBinary(),
    // The only thing that is not as on that machine: the package comes from here.
    npm_config_registry: registry.url,
    npm_config_cache: cache,
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    // Of a dependency of the frameworks' commands, which downloads a terminal that they do without.
    npm_config_ignore_scripts: 'true',
    // What Node needs to reach the registry from here.
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => /^(NODE_EXTRA_CA_CERTS|(HTTPS?|NO)_PROXY)$/i.test(name)),
    ),
  };
}

/** The oldest Node of which the command of CDK Terrain takes. */
async function node22(): Promise<string> {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const spec = `node@npm:node-${process.platform}-${process.arch}@22`;
  writeFileSync(join(tools, 'package.json'), '{ "private": true }');
  await succeeds('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', spec], {
    cwd: tools,
  });
  return join(tools, 'node_modules/node/bin/node');
}

describe.each([
  { command: 'cdktf', words: (text: string) => text, node: () => Promise.resolve(process.execPath) },
  { command: 'cdktn', words: forCdkTerrain, node: node22 },
])('what the README shows, typed in for $command', ({ command, words, node }) => {
  test('deploys a key at the first try, in an empty folder', async () => {
    const folder = temporaryFolder('reader');
    const env = environment(temporaryFolder('home'), await node());
    const type = async (block: string) => {
      const text = words(readmeBlock(block));
      expect(text).toContain(command);
      const { code, stdout, stderr } = await run('bash', ['-euc', text], { cwd: folder, env });
      // All that was said belongs to the failure.
      expect({ block, code, said: code === 0 ? '' : stdout + stderr }).toEqual({ block, code: 0, said: '' });
      return stdout;
    };
    await type('install');
    const stack = words(readmeBlock('stack'));
    expect(stack).toContain(`from '${command}'`);
    writeFileSync(join(folder, 'main.ts'), stack);

    const said = await type('try');
    const path = /SecretDestination\.file\(\{ path: '([^']*)' \}\)/.exec(stack)?.[1] ?? '';
    const pair = readFileSync(join(folder, 'cdktf.out/stacks/storage', path), 'utf8');
    const { accessKeyId, bucketName } = JSON.parse(pair) as Record<string, string>;
    expect(stack).toContain(`bucketName: '${bucketName ?? ''}'`);
    expect(said).toContain(accessKeyId);
  });
});
