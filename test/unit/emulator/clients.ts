import { LightsailClient } from '@aws-sdk/client-lightsail';
import { S3Client } from '@aws-sdk/client-s3';
import {
  Emulator,
  type EmulatorKey,
  type EmulatorOptions,
  TEST_CREDENTIALS,
} from '../../../src/emulator/index.js';

export const BUCKET = 'emulated-bucket';

type Credentials = Pick<EmulatorKey, 'accessKeyId' | 'secretAccessKey'> & { sessionToken?: string };

export interface Lab {
  readonly emulator: Emulator;
  readonly lightsail: LightsailClient;
  readonly s3: (credentials: Credentials) => S3Client;
  readonly lightsailAs: (credentials: Credentials, region?: string) => LightsailClient;
}

/** Runs one test against an emulator of its own, with SDK clients that never retry. */
export async function withEmulator(
  options: EmulatorOptions,
  test: (lab: Lab) => Promise<void>,
): Promise<void> {
  const emulator = await Emulator.start({ buckets: [BUCKET], ...options });
  const clients: { destroy(): void }[] = [];
  const remember = <C extends { destroy(): void }>(client: C): C => {
    clients.push(client);
    return client;
  };
  const common = { endpoint: emulator.url, maxAttempts: 1 };
  const lightsailAs = (credentials: Credentials, region = 'us-east-1'): LightsailClient =>
    remember(new LightsailClient({ ...common, region, credentials }));
  try {
    await test({
      emulator,
      lightsail: lightsailAs(TEST_CREDENTIALS),
      lightsailAs,
      s3: (credentials) =>
        remember(new S3Client({ ...common, region: 'us-east-1', forcePathStyle: true, credentials })),
    });
  } finally {
    for (const client of clients) client.destroy();
    await emulator.close();
  }
}

/** The clock stands, until the end of the test; answers how to let so many milliseconds pass. */
export function stopTime(): (milliseconds: number) => void {
  let now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  return (milliseconds) => {
    now += milliseconds;
  };
}
afterEach(() => jest.restoreAllMocks());

/** The error a promise ends with; a promise that is kept is an error too. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error('Something other than an Error was thrown.', { cause: error });
  }
  throw new Error('The call succeeded although it should have failed.');
}
