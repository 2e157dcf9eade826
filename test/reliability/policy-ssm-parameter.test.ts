import { describeEachRight } from '../support/iam/each-right.js';

const WHATEVER = ['--destination', 'ssm-parameter', '--name', '/uploads'];

describeEachRight({
  title: 'A pair in Parameter Store',
  acts: ['create', 'replace', 'recover', 'destroy'],
  policy: WHATEVER,
  statements: /Parameters|Pair|Journal/,
  // What a run that died has left pending is then deleted with its key, and not promoted.
  dispensable: ['ssm:GetParameter'],
  place: async ({ parameters }) => {
    const name = await parameters.newPlace();
    return { secret: parameters.route(name), policy: [...WHATEVER.slice(0, 3), name] };
  },
});

describe.each(['Standard', 'Advanced'])('In the tier %s', (tier) => {
  describeEachRight({
    title: 'A pair in Parameter Store under a KMS key',
    acts: ['create', 'replace', 'recover', 'destroy'],
    policy: [...WHATEVER, '--kms-key', 'any', '--tier', tier],
    statements: /Kms/,
    dispensable: ['kms:Decrypt', 'kms:DescribeKey'],
    place: async ({ parameters }) => {
      const [name, kmsKey] = [await parameters.newPlace(), await parameters.newKmsKey()];
      return {
        secret: parameters.route(name, 'sdk', `\nkms_key_id = "${kmsKey}"\ntier = "${tier}"`),
        policy: [...WHATEVER.slice(0, 3), name, '--kms-key', kmsKey, '--tier', tier],
      };
    },
  });
});
