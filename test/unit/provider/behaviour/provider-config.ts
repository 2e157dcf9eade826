import type { Emulator, EmulatorCredentials } from '../../../../src/emulator/index.js';
import type { ObjectValue } from '../../../../src/plugin/index.js';
import { ProviderProcess } from './provider-process.js';

const LEFT_OUT = ['profile', 'token', 'shared_config_files', 'shared_credentials_files', 'assume_role'];

/** The provider block of a caller of the emulator. */
export function providerConfig(url: string, region: string, caller: EmulatorCredentials): ObjectValue {
  return {
    ...Object.fromEntries(LEFT_OUT.map((name) => [name, null])),
    region,
    access_key: caller.accessKeyId,
    secret_key: caller.secretAccessKey,
    // What AWS refuses for a moment is another suite's.
    max_attempts: 1,
    endpoints: { lightsail: url, s3: url, secretsmanager: null, ssm: null, sts: null, vault: null },
  };
}

/** A new process of the provider, by the emulator's clock. */
export function processBeside(emulator: Emulator, caller: EmulatorCredentials): ProviderProcess {
  const config = providerConfig(emulator.url, emulator.region, caller);
  return new ProviderProcess(config, () => emulator.clock.now());
}
