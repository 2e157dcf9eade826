import { FORMAT } from '../descriptor.js';
import type { Descriptor } from '../descriptor.js';
import { allow, arnOf } from '../policy.js';
import type { DestinationPolicy, PolicyPlace, Statement } from '../policy.js';

/**
 * Staging labels. Those of AWS are moved by AWS's own rules; a label of ours is on one version at a time, and a
 * version that has none is deprecated: AWS deletes it when there are more than a hundred, and not within a day.
 */
export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'LIGHTSAIL_PENDING';
export const JOURNAL = 'LIGHTSAIL_JOURNAL';
/** Keeps the one empty version from being deprecated. */
export const EMPTY = 'LIGHTSAIL_EMPTY';

const ARGUMENTS = {
  secret_id: { type: 'text', isRequired: true, description: 'Name or ARN of the secret.' },
  format: FORMAT,
} as const;
export type SecretArguments = typeof ARGUMENTS;

const POLICY: DestinationPolicy = {
  options: {
    'secret-id': { letter: 'S', help: "the secret's name or ARN", isRequired: true, mayBeArn: true },
  },
  statements({ 'secret-id': id = '' }, place) {
    const secret = secretResources(id, place);
    return [
      allow(
        'WriteSecretVersions',
        ['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'],
        secret,
      ),
      // Not the journal's label: whoever could put that on a pair could read the pair.
      allow(
        'MoveLabelsOfPairs',
        ['secretsmanager:UpdateSecretVersionStage'],
        secret,
        onlyLabels(CURRENT, PREVIOUS, PENDING),
      ),
      // The journal holds no secret; the pairs stay out of reach.
      allow('ReadJournalOnly', ['secretsmanager:GetSecretValue'], secret, onlyLabels(JOURNAL)),
    ];
  },
  kms: { service: 'secretsmanager', actions: () => ['kms:Decrypt', 'kms:GenerateDataKey'] },
};

export const secretsManager: Descriptor<SecretArguments> = {
  name: 'secrets_manager',
  description: 'Into an existing AWS Secrets Manager secret, as a new version.',
  arguments: ARGUMENTS,
  reading: {
    isPossible: true,
    byReference: (given) => ({ ...given, secret_id: withoutVersion(given.secret_id) }),
  },
  resolve: ({ secret_id: id }, reference) => ({ secret_id: secretNamed(id, reference) }),
  policy: POLICY,
  load: () => import('./store.js'),
};

const ARN = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)$/;
/** AWS puts it behind the name of each secret in its ARN. */
const SUFFIX = /-[A-Za-z0-9]{6}$/;

/**
 * The name of the secret that an ID stands for. The reference of a pair there begins with the secret's whole ARN, which
 * alone tells a name that ends like an ARN from one that does not. An ARN of another secret stands for itself.
 */
function secretNamed(id: string, reference: string | null): string {
  const known = withoutVersion(reference ?? '');
  const partial = known.replace(SUFFIX, '');
  const name = ARN.exec(partial)?.[1];
  if (name !== undefined && partial !== known) return [known, partial].includes(id) ? name : id;
  // As AWS reads it: what looks like the six characters of a whole ARN is no part of the name.
  return ARN.exec(id)?.[1]?.replace(SUFFIX, '') ?? id;
}

/** The secret of a reference, `ARN:::VERSION`; any other ID as it is. */
function withoutVersion(id: string): string {
  return id.replace(/:::[^:]*$/, '');
}

/** A call that names no label does not match. AWS calls the key's value a list of labels, and its type a string. */
function onlyLabels(...labels: readonly string[]): Statement['Condition'] {
  return { 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': labels } };
}

/**
 * Secrets Manager adds a hyphen and six characters to the name, which only a whole ARN has. An ARN that ends like that
 * may be whole, or the one of a name that ends so itself: only AWS can tell.
 */
function secretResources(secretId: string, place: PolicyPlace): readonly string[] {
  if (!secretId.startsWith('arn:')) return [arnOf(place, 'secretsmanager', `secret:${secretId}-??????`)];
  const suffixed = `${secretId}-??????`;
  return SUFFIX.test(secretId) ? [secretId, suffixed] : [suffixed];
}
