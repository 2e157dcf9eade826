import { describeKmsRefusals } from '../../support/destinations/kms-suite.js';

describeKmsRefusals('Secrets Manager', {
  route: async ({ secretsManager, iam }, kmsKey, isAllowed) => {
    const place = await secretsManager.newPlace(undefined, kmsKey);
    const kms = isAllowed && !kmsKey.includes('nowhere') ? ['--kms-key', kmsKey] : [];
    iam.grant('--destination', 'secrets-manager', '--secret-id', place, ...kms);
    return secretsManager.route(place);
  },
  denied: 'before any key is made',
});
