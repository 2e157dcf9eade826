/** A right as the provider needs it: change it here when the provider's calls change. */
export interface Right {
  readonly sid: string;
  readonly actions: readonly string[];
  /** What the actions are limited to; `any` where AWS knows no resource for them. */
  readonly on:
    'any' | 'buckets' | 'secret' | 'parameter' | 'parameter-journal' | 'parameter-pending' | 'kms-key';
  readonly condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** For every destination. S3 is tried with the new key itself, so `verify` asks nothing of this policy. */
export const KEY_RIGHTS: readonly Right[] = [
  // AWS's service authorization data has no resource for it.
  { sid: 'ListBucketKeys', actions: ['lightsail:GetBucketAccessKeys'], on: 'any' },
  {
    sid: 'MakeAndDeleteBucketKeys',
    actions: ['lightsail:CreateBucketAccessKey', 'lightsail:DeleteBucketAccessKey'],
    on: 'buckets',
  },
];

/** For the audit: it reads, and no more. AWS's service authorization data has no resource for either. */
export const AUDIT_RIGHTS: readonly Right[] = [
  {
    sid: 'ListBucketsAndKeys',
    actions: ['lightsail:GetBuckets', 'lightsail:GetBucketAccessKeys'],
    on: 'any',
  },
];

export const SECRETS_MANAGER_RIGHTS: readonly Right[] = [
  {
    sid: 'WriteSecretVersions',
    actions: ['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'],
    on: 'secret',
  },
  {
    // Not the journal's label: whoever could put that on a pair could read the pair.
    sid: 'MoveLabelsOfPairs',
    actions: ['secretsmanager:UpdateSecretVersionStage'],
    on: 'secret',
    condition: onlyLabels('AWSCURRENT', 'AWSPREVIOUS', 'LIGHTSAIL_PENDING'),
  },
  {
    // The journal holds no secret; the pairs stay out of reach.
    sid: 'ReadJournalOnly',
    actions: ['secretsmanager:GetSecretValue'],
    on: 'secret',
    condition: onlyLabels('LIGHTSAIL_JOURNAL'),
  },
];

/** A call that names no label does not match. AWS calls the key's value a list of labels, and its type a string. */
function onlyLabels(...labels: readonly string[]): NonNullable<Right['condition']> {
  return { 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': labels } };
}

export const PARAMETER_RIGHTS: readonly Right[] = [
  { sid: 'DescribeParameters', actions: ['ssm:DescribeParameters'], on: 'any' },
  { sid: 'WritePair', actions: ['ssm:PutParameter', 'ssm:DeleteParameter'], on: 'parameter' },
  {
    sid: 'KeepJournal',
    actions: ['ssm:GetParameterHistory', 'ssm:PutParameter', 'ssm:DeleteParameter'],
    on: 'parameter-journal',
  },
  {
    sid: 'KeepPendingPair',
    actions: ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'],
    on: 'parameter-pending',
  },
];

/** Beside the pair's parameter: its journal, and pairs that are not promoted, with the key's ID behind. */
export const PARAMETER_SUFFIX = { journal: '.lightsail-journal', pending: '.lightsail-pending-' } as const;

/** With a KMS key of one's own; AWS's keys (aws/secretsmanager, aws/ssm) need no right of the caller's. */
export const KMS_ACTIONS = {
  'secrets-manager': ['kms:Decrypt', 'kms:GenerateDataKey'],
  'ssm-parameter': {
    Standard: ['kms:Decrypt', 'kms:Encrypt'],
    Advanced: ['kms:Decrypt', 'kms:GenerateDataKey'],
    'Intelligent-Tiering': ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
  },
} as const;

/** Lets a plan say that the key is disabled or gone. It is asked directly, and a run without it goes on. */
export const KMS_CHECK = ['kms:DescribeKey'] as const;

/** The KMS key is used through the service alone, never directly. */
export const KMS_VIA = { 'secrets-manager': 'secretsmanager', 'ssm-parameter': 'ssm' } as const;
