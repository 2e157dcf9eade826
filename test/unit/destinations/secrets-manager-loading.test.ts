import { SecretsManagerDestination } from '../../../src/destinations/secrets-manager/store.js';

const mockLoaded: string[] = [];
jest.mock('../../../src/destinations/secrets-manager/sdk.js', () => {
  mockLoaded.push('sdk');
  return jest.requireActual<object>('../../../src/destinations/secrets-manager/sdk.js');
});

test('The AWS SDK is loaded at the first call, not before.', async () => {
  const access = {
    region: () => Promise.resolve('eu-west-1'),
    clientOptions: () => Promise.reject(new Error('no options')),
  };
  const destination = new SecretsManagerDestination(access, { secretId: 'any', format: 'sdk' });
  expect(destination.reference).toBeNull();
  expect(await destination.staged()).toBeNull();
  expect(mockLoaded).toEqual([]);
  await expect(destination.check()).rejects.toThrow('gave no answer to DescribeSecret');
  expect(mockLoaded).toEqual(['sdk']);
});
