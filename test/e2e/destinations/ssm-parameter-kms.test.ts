import { describeKmsRefusals } from '../../support/destinations/kms-suite.js';

describeKmsRefusals('SSM Parameter Store', {
  route: async ({ parameters, iam }, kmsKey, isAllowed) => {
    const place = await parameters.newPlace();
    if (isAllowed) return parameters.route(place, 'sdk', `\nkms_key_id = "${kmsKey}"`);
    iam.grant('--destination', 'ssm-parameter', '--name', place);
    return `ssm_parameter {\nname = "${place}"\nkms_key_id = "${kmsKey}"\n}`;
  },
  denied: 'after which the key is deleted again',
});
