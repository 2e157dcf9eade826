// What the stack says, by the framework's own matchers, and that it can be planned. Plans run synchronously here, and the
// emulator answers them: it is a process of its own.
import 'cdktf/lib/testing/adapters/jest';
import { Testing } from 'cdktf';
import { LightsailBucketAccessKey } from 'cdktf-lightsail-access-key';
import { type EmulatorProcess, startEmulator } from 'cdktf-lightsail-access-key/emulator';
import { StorageStack } from './stack';

Testing.setupJest();

let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulator({ buckets: ['uploads'] });
  // The framework's matchers run Terraform in this process's environment.
  Object.assign(process.env, emulator.env);
});
afterAll(() => emulator.close());

const newStack = () => new StorageStack(Testing.app(), 'storage');

test('the key is rotated every 90 days, and its secret goes into a file', () => {
  expect(Testing.synth(newStack())).toHaveResourceWithProperties(LightsailBucketAccessKey, {
    bucket_name: 'uploads',
    rotation: { after_days: 90 },
    secret: { file: { path: 'uploads-key.json' } },
  });
});

test('Terraform takes the stack for valid', () => {
  expect(Testing.fullSynth(newStack())).toBeValidTerraform();
});

test('Terraform plans the stack, and makes no key by that', async () => {
  expect(Testing.fullSynth(newStack())).toPlanSuccessfully();
  expect(await emulator.keys('uploads')).toEqual([]);
});
