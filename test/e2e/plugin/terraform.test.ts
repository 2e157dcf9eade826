import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleToy } from '../../support/plugin/toy-bundle.js';
import { ToyWorkspace } from '../../support/plugin/toy-workspace.js';
import { until } from '../../support/until.js';

let toy: string;
let workspace: ToyWorkspace;

beforeAll(async () => {
  toy = await bundleToy();
  workspace = new ToyWorkspace(toy);
  workspace.write('');
  await workspace.run('init');
});

const attributes = (name = 'a') =>
  workspace.state().resources.find((resource) => resource.name === name)?.instances[0]?.attributes;

/** The tests of this group follow one resource through its life. */
describe('a resource in Terraform', () => {
  const values = `
    size   = 9007199254740993
    ratio  = 0.1
    labels = { "__proto__" = "x", "ü" = "\\ufeffmark" }
    rule   = [{ port = 80 }, { port = 1e30, note = "n" }]`;

  test('is created, with numbers and keys as they were written, and without its write-only value', async () => {
    workspace.write(`resource "toy_item" "a" {\n name = "one"\n secret = "hush"\n${values}\n}`);
    await workspace.run('apply -auto-approve');
    expect(attributes()).toMatchObject({ name: 'one', secret: null, secret_length: 4, ratio: 0.1 });
    expect(workspace.read('terraform.tfstate')).toContain('"size": 9007199254740993');
    expect(workspace.read('terraform.tfstate')).toContain('"port": 1000000000000000000000000000000');
    expect(workspace.read('terraform.tfstate')).not.toContain('hush');
  });

  test('needs no change afterwards', async () => {
    await expect(workspace.run('plan')).resolves.toContain('No changes');
  });

  test('is updated in place', async () => {
    const { id } = attributes() ?? {};
    workspace.write(`resource "toy_item" "a" {\n name = "one"\n secret = "hushhush"\n size = 2\n}`);
    await expect(workspace.run('apply -auto-approve')).resolves.toContain('1 changed');
    expect(attributes()).toMatchObject({ id, size: 2, secret_length: 8 });
  });

  test('is replaced when the attribute that identifies it changes', async () => {
    const { id } = attributes() ?? {};
    workspace.write(`resource "toy_item" "a" {\n name = "two"\n}`);
    await expect(workspace.run('plan')).resolves.toMatch(/"one" -> "two" # forces replacement/);
    await expect(workspace.run('apply -auto-approve')).resolves.toContain('1 added, 0 changed, 1 destroyed');
    expect(attributes()?.id).not.toBe(id);
  });

  test('is destroyed', async () => {
    await workspace.run('destroy -auto-approve');
    expect(workspace.state().resources).toEqual([]);
  });
});

test('a resource is imported and then completed', async () => {
  workspace.write(
    `import {\n to = toy_item.a\n id = "im"\n}\nresource "toy_item" "a" {\n name = "im"\n size = 1\n}`,
  );
  await expect(workspace.run('apply -auto-approve')).resolves.toContain('1 imported, 0 added, 1 changed');
  expect(attributes()).toMatchObject({ id: 'im', name: 'im', size: 1 });
});

test('a moved block takes over the state of another type', async () => {
  workspace.write(`resource "toy_old" "o" {\n title = "t"\n}`);
  await workspace.run('apply -auto-approve');
  workspace.write(
    `moved {\n from = toy_old.o\n to = toy_item.a\n}\nresource "toy_item" "a" {\n name = "t"\n}`,
  );
  await expect(workspace.run('apply -auto-approve')).resolves.not.toMatch(/[1-9]\d* (added|destroyed)/);
  expect(attributes()).toMatchObject({ id: 'moved', name: 't' });
});

test('a data source feeds a resource, and an ephemeral resource a write-only attribute', async () => {
  workspace.write(`
    data "toy_file" "f" { path = "main.tf" }
    ephemeral "toy_token" "t" { seed = "xyz" }
    resource "toy_item" "a" {
      name   = "d"
      size   = length(data.toy_file.f.text)
      secret = ephemeral.toy_token.t.token
    }`);
  await workspace.run('apply -auto-approve');
  expect(attributes()).toMatchObject({ size: workspace.read('main.tf').length, secret_length: 12 });
  expect(workspace.read('terraform.tfstate')).not.toContain('token of');
});

test('an error points at the line of its element, and says what the provider says', async () => {
  workspace.write(
    `resource "toy_item" "a" {\n  name = "n"\n  rule = [\n    { port = 1 },\n    { port = 0 }\n  ]\n}`,
  );
  const output = await workspace.run('validate', { fails: true });
  expect(output).toMatch(/Port 0 is not a port/);
  expect(output).toMatch(/on main\.tf line 10, in resource "toy_item" "a":/);
});

test('a resource whose creation went half wrong is kept as tainted', async () => {
  workspace.write(`resource "toy_item" "t" {\n  name = "n"\n  behaviour = "wrong type"\n}`);
  const output = await workspace.run('apply -auto-approve', { fails: true });
  expect(output).toMatch(/does not fit its schema/);
  expect(workspace.state().resources.find(({ name }) => name === 't')?.instances).toMatchObject([
    { status: 'tainted', attributes: { secret_length: null } },
  ]);
});

describe('a provider in the middle of creating', () => {
  async function creating() {
    const own = new ToyWorkspace(toy);
    own.write(`resource "toy_item" "a" {\n  name = "slow"\n  behaviour = "slow"\n}`);
    await own.run('init');
    const terraform = own.start('apply', '-auto-approve');
    const closed = new Promise((resolve) => terraform.on('exit', resolve));
    await until(() => existsSync(join(own.folder, 'started')));
    return { own, terraform, closed, provider: Number(own.read('started')) };
  }

  function gone(pid: number): Promise<void> {
    return until(() => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    });
  }

  test('is stopped by Ctrl-C, finishes its step, and the state is saved', async () => {
    const { own, terraform, closed, provider } = await creating();
    // As a terminal does, to both.
    process.kill(provider, 'SIGINT');
    terraform.kill('SIGINT');
    await closed;
    expect(own.read('finished')).toBe('stopped');
    expect(own.state().resources[0]?.instances[0]?.attributes).toMatchObject({ name: 'slow' });
    await gone(provider);
  });

  test('outlives a killed Terraform only until its step is finished', async () => {
    const { own, terraform, provider } = await creating();
    terraform.kill('SIGKILL');
    await gone(provider);
    expect(own.read('finished')).toBe('stopped');
  });
});
