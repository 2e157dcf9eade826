// What becomes of the stack: applied, drifted, repaired and destroyed, by Terraform against the emulator.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import { type EmulatorProcess, startEmulator } from 'cdktf-lightsail-access-key/emulator';
import { StorageStack } from './stack';

let emulator: EmulatorProcess;
let folder: string;

beforeAll(async () => {
  emulator = await startEmulator({ buckets: ['uploads'] });
  folder = join(Testing.fullSynth(new StorageStack(Testing.app(), 'storage')), 'stacks/storage');
  expect(terraform('init')).toBe(0);
});
afterAll(() => emulator.close());

/** The exit status; what Terraform says goes to the terminal only when it fails. */
function terraform(...args: readonly string[]): number | null {
  const program = process.env.TERRAFORM_BINARY_NAME ?? 'terraform';
  const env = { ...process.env, ...emulator.env };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
  if (status === 1) console.error(stdout, stderr);
  return status;
}

const plan = () => terraform('plan', '-detailed-exitcode', '-input=false');
const apply = () => terraform('apply', '-auto-approve', '-input=false');

test('the first apply makes one key and delivers its secret, and the next plan is clean', async () => {
  expect(apply()).toBe(0);
  expect(await emulator.keys('uploads')).toMatchObject([{ status: 'Active' }]);
  expect(existsSync(join(folder, 'uploads-key.json'))).toBe(true);
  expect(plan()).toBe(0);
}, 300_000);

test('a key that was deleted by hand is drift, and the next apply makes another one', async () => {
  const [lost] = await emulator.keys('uploads');
  await emulator.deleteKey('uploads', lost?.accessKeyId ?? '');
  expect(plan()).toBe(2);
  expect(apply()).toBe(0);
  const [key, ...others] = await emulator.keys('uploads');
  expect(key?.accessKeyId).not.toBe(lost?.accessKeyId);
  expect(others).toEqual([]);
}, 300_000);

test('after 90 days the key is due, and the apply makes the next one beside it', async () => {
  await emulator.age(91 * 24 * 60 * 60 * 1000);
  expect(plan()).toBe(2);
  expect(apply()).toBe(0);
  expect(await emulator.keys('uploads')).toHaveLength(2);
}, 300_000);

test('destroy leaves neither a key nor a secret', async () => {
  expect(terraform('destroy', '-auto-approve')).toBe(0);
  expect(await emulator.keys('uploads')).toEqual([]);
  expect(existsSync(join(folder, 'uploads-key.json'))).toBe(false);
}, 300_000);
