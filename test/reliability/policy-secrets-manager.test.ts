import { describeEachRight } from '../support/iam/each-right.js';

const WHATEVER = ['--destination', 'secrets-manager', '--secret-id', 'uploads'];

describeEachRight({
  title: 'A pair in Secrets Manager',
  acts: ['create', 'replace', 'destroy'],
  policy: WHATEVER,
  statements: /Secret|Label|Journal/,
  place: async ({ secretsManager }) => {
    const secret = await secretsManager.newPlace();
    return { secret: secretsManager.route(secret), policy: [...WHATEVER.slice(0, 3), secret] };
  },
});

describeEachRight({
  title: 'A pair in Secrets Manager under a KMS key',
  acts: ['create', 'replace', 'destroy'],
  policy: [...WHATEVER, '--kms-key', 'any'],
  statements: /Kms/,
  // A plan without it just does not tell that the key is disabled.
  dispensable: ['kms:DescribeKey'],
  place: async ({ secretsManager, parameters }) => {
    const kmsKey = await parameters.newKmsKey();
    const secret = await secretsManager.newPlace(undefined, kmsKey);
    return {
      secret: secretsManager.route(secret),
      policy: [...WHATEVER.slice(0, 3), secret, '--kms-key', kmsKey],
    };
  },
});
