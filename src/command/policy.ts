import { policyDocument } from './policy/document.js';
import { DESTINATIONS, type PolicyRequest, TIERS } from './policy/request.js';
import { isName } from './policy/resources.js';
import { parse, type Subcommand, UsageError } from './subcommand.js';

const usage = `Usage: lightsail-access-key policy --bucket B… --destination D --region R --account A …

Prints the least-privilege IAM policy with which Terraform manages access keys of these buckets, as JSON.

  --bucket B        a bucket's ARN, or its name; may be given several times. IAM knows a bucket by the ID in its
                    ARN alone: a name gives the right on all Lightsail buckets of the account in the Region
  --destination D   where the secret goes: ${DESTINATIONS.slice(0, 4).join(', ')},
                    ${DESTINATIONS.slice(4).join(', ')}
  --region R        the Region, such as eu-central-1
  --account A       the account's twelve digits
  --partition P     default: aws; or aws-cn, aws-us-gov
  --secret-id S     secrets-manager: the secret's name or ARN
  --name N          ssm-parameter: the parameter's name
  --tier T          ssm-parameter with --kms-key: ${TIERS.join(', ')}; default: rights for each
  --kms-key K       the KMS key's ARN, ID or alias; default: AWS's own, which needs no right

Not in it: what a role's own trust policy gives (sts:AssumeRole is asked of the caller), Vault's policies, and the
rights of consumers. Trying a new key on S3 needs no right, since the request is signed with that key.`;

export const policy: Subcommand = {
  name: 'policy',
  summary: 'prints the least-privilege IAM policy for buckets and a destination',
  usage,
  run(args) {
    const request = requestFrom(args);
    console.log(JSON.stringify(policyDocument(request), null, 2));
    const names = request.buckets.filter(isName);
    if (names.length > 0) console.error(narrower(names));
  },
};

function requestFrom(args: readonly string[]): PolicyRequest {
  const { values } = parse(args, usage, {
    options: {
      bucket: { type: 'string', multiple: true, default: [] },
      destination: { type: 'string' },
      region: { type: 'string' },
      account: { type: 'string' },
      partition: { type: 'string', default: 'aws' },
      'secret-id': { type: 'string' },
      name: { type: 'string' },
      tier: { type: 'string' },
      'kms-key': { type: 'string' },
    },
  });
  if (values.bucket.length === 0) throw new UsageError('Give at least one --bucket.', usage);
  const wrong = values.bucket.find(
    (bucket) =>
      !/^([a-z0-9][a-z0-9-]{1,52}[a-z0-9]|arn:[\w-]+:lightsail:[\w-]+:\d{12}:Bucket\/[\w-]+)$/.test(bucket),
  );
  if (wrong !== undefined) {
    throw new UsageError(`--bucket is ${wrong}, which is neither a bucket's name nor its ARN.`, usage);
  }
  const destination = oneOf('destination', values.destination, DESTINATIONS);
  const only = (option: 'secret-id' | 'name', of: string) =>
    belonging(option, values[option], destination === of);
  return {
    buckets: values.bucket,
    region: matching('region', values.region, /^[a-z]{2}(-[a-z]+)+-\d$/),
    account: matching('account', values.account, /^\d{12}$/),
    partition: matching('partition', values.partition, /^aws(-[a-z]+)*$/),
    destination,
    secretId: only('secret-id', 'secrets-manager'),
    parameter: only('name', 'ssm-parameter'),
    tier: values.tier === undefined ? undefined : oneOf('tier', values.tier, TIERS),
    kmsKey: values['kms-key'],
  };
}

function matching(option: string, value: string | undefined, pattern: RegExp): string {
  if (value !== undefined && pattern.test(value)) return value;
  throw new UsageError(
    value === undefined ? `Give --${option}.` : `--${option} is ${value}, which is none.`,
    usage,
  );
}

function oneOf<T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new UsageError(`Give --${option} as one of ${allowed.join(', ')}.`, usage);
}

/** A wildcard in a name would give rights that nobody meant. */
function belonging(option: string, value: string | undefined, isWanted: boolean): string | undefined {
  if (value === undefined && !isWanted) return undefined;
  if (!isWanted) throw new UsageError(`--${option} does not belong to this destination.`, usage);
  if (value !== undefined && /^[\w/+=.@:-]+$/.test(value)) return value;
  throw new UsageError(
    value === undefined
      ? `Give --${option} for this destination.`
      : `--${option} is ${value}, which is no name.`,
    usage,
  );
}

function narrower(names: readonly string[]): string {
  const commands = names.map(
    (name) => `  aws lightsail get-buckets --bucket-name ${name} --query 'buckets[0].arn' --output text`,
  );
  return `The policy allows making and deleting keys on all Lightsail buckets of the account in the Region, because IAM does
not know buckets by their names. To limit it, give --bucket the ARN that this prints:

${commands.join('\n')}`;
}
