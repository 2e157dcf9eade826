import { describeKmsRefusals } from '../../support/destinations/kms-suite.js';

describeKmsRefusals('SSM Parameter Store', {
  route: async ({ parameters, iam }, kmsKey, isAllowed) => {
    const place = await parameters.newPlace();
    if (isAllowed) return parameters.route(place, 'sdk', `, kms_key_id = "${kmsKey}"`);
    iam.grant('--destination', 'ssm-parameter', '--name', place);
    return `{ ssm_parameter = { name = "${place}", kms_key_id = "${kmsKey}" } }`;
  },
  denied: 'after which the key is deleted again',
});
