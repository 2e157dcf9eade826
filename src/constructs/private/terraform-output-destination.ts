import type { TerraformOutputDestinationProps } from '../secret-destination-props.js';
import { checkAgeRecipients } from './age-recipients.js';
import type { BindDestination } from './destination.js';

export function terraformOutputDestination(props: TerraformOutputDestinationProps): BindDestination {
  const { ageRecipients } = props;
  return () => ({
    route: 'terraform_output',
    arguments: { age_recipients: ageRecipients },
    problems: checkAgeRecipients(ageRecipients),
  });
}
