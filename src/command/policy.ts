import type { PolicyOption } from '../destinations/policy.js';
import { DESTINATIONS } from '../destinations/registry.js';
import { DESTINATION_NAMES, nameOf, parsePolicyArguments } from './policy/arguments.js';
import { auditDocument, isName, policyDocument } from './policy/document.js';
import { type Subcommand } from './subcommand.js';

const usage = `Usage: lightsail-access-key policy --bucket B… --destination D --region R --account A …
       lightsail-access-key policy --for audit

Prints the least-privilege IAM policy with which Terraform manages access keys of these buckets, as JSON; or, for
the audit, the one that lists buckets and their keys and changes nothing.

  --for P           apply (default); plan, which gives the part that reads; or audit, which takes no other option
  --bucket B        a bucket's ARN, or its name; may be given several times. IAM knows a bucket by the ID in its
                    ARN alone: a name gives the right on all Lightsail buckets of the account in the Region
  --destination D   where the secret goes: ${DESTINATION_NAMES.slice(0, 4).join(', ')},
                    ${DESTINATION_NAMES.slice(4).join(', ')}
  --region R        the Region, such as eu-central-1
  --account A       the account's twelve digits
  --partition P     default: aws; or aws-cn, aws-us-gov
${DESTINATIONS.flatMap((one) =>
  Object.entries(one.policy?.options ?? {}).map(([name, option]) => line(nameOf(one), name, option)),
).join('\n')}
  --kms-key K       the KMS key's ARN, ID or alias; default: AWS's own, which needs no right

Not in it: what a role's own trust policy gives (sts:AssumeRole is asked of the caller), Vault's policies, and the
rights of consumers. Trying a new key on S3 needs no right, since the request is signed with that key.`;

export const policy: Subcommand = {
  name: 'policy',
  summary: 'prints the least-privilege IAM policy for buckets and a destination',
  usage,
  run(args) {
    const request = parsePolicyArguments(args, usage);
    const document = request === 'audit' ? auditDocument() : policyDocument(request);
    console.log(JSON.stringify(document, null, 2));
    const names = request === 'audit' || request.isForPlans ? [] : request.buckets.filter(isName);
    if (names.length > 0) console.error(narrower(names));
  },
};

function line(destination: string, name: string, { letter, note, oneOf, help }: PolicyOption): string {
  const option = `  --${name} ${letter}`.padEnd(20);
  const values = oneOf ? `${oneOf.join(', ')}; ` : '';
  return `${option}${destination}${note ? ` ${note}` : ''}: ${values}${help}`;
}

function narrower(names: readonly string[]): string {
  const commands = names.map(
    (name) => `  aws lightsail get-buckets --bucket-name ${name} --query 'buckets[0].arn' --output text`,
  );
  return `The policy allows making and deleting keys on all Lightsail buckets of the account in the Region, because IAM does
not know buckets by their names. To limit it, give --bucket the ARN that this prints:

${commands.join('\n')}`;
}
