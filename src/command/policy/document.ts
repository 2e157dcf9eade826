import type { DestinationPolicy, PolicyPlace, Statement } from '../../destinations/policy.js';
import { allow, arnOf } from '../../destinations/policy.js';
import { DESTINATIONS } from '../../destinations/registry.js';
import type { PolicyRequest } from './arguments.js';
import { nameOf } from './arguments.js';

export type { Statement };

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** The least that the provider gets by with for these buckets and this destination. */
export function policyDocument(request: PolicyRequest): PolicyDocument {
  const policy = DESTINATIONS.find((one) => nameOf(one) === request.destination)?.policy;
  const statements = [
    // For every destination. S3 is tried with the new key itself, so `verify` asks nothing of this policy.
    // AWS's service authorization data has no resource for it.
    allow('ListBucketKeys', ['lightsail:GetBucketAccessKeys'], ['*']),
    allow(
      'MakeAndDeleteBucketKeys',
      ['lightsail:CreateBucketAccessKey', 'lightsail:DeleteBucketAccessKey'],
      bucketResources(request),
    ),
    ...(policy?.statements(request.options, request) ?? []),
    ...(policy?.kms ? kmsStatements(request, policy.kms) : []),
  ];
  return documentOf(...(request.isForPlans ? statements.flatMap(whatReads) : statements));
}

/**
 * The least that the audit gets by with, wherever the buckets are: it reads, and no more. AWS's service authorization data
 * has no resource for either.
 */
export function auditDocument(): PolicyDocument {
  return documentOf(
    allow('ListBucketsAndKeys', ['lightsail:GetBuckets', 'lightsail:GetBucketAccessKeys'], ['*']),
  );
}

export function isName(bucket: string): boolean {
  return !bucket.startsWith('arn:');
}

function documentOf(...statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/** The part of a statement that changes nothing: what a plan needs of it. */
function whatReads(statement: Statement): readonly Statement[] {
  const actions = statement.Action.filter((action) => /:(Get|Describe|Decrypt)/.test(action));
  return actions.length === 0 ? [] : [{ ...statement, Action: actions }];
}

/**
 * IAM knows a Lightsail bucket by an ID that AWS makes up, and not by its name: with a name alone the right cannot be
 * limited further than to the buckets of the account in the Region.
 */
function bucketResources(request: PolicyRequest): readonly string[] {
  const isWide = request.buckets.some(isName);
  return isWide ? [arnOf(request, 'lightsail', 'Bucket/*')] : [...new Set(request.buckets)].sort();
}

function kmsStatements(
  request: PolicyRequest,
  kms: NonNullable<DestinationPolicy['kms']>,
): readonly Statement[] {
  const { kmsKey, options } = request;
  if (kmsKey === undefined) return [];
  const { resource, alias } = kmsResource(request, kmsKey);
  const byAlias: Statement['Condition'] =
    alias === null ? {} : { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [alias] } };
  return [
    // Lets a plan say that the key is disabled or gone. It is asked directly, and a run without it goes on.
    allow('SeeKmsKey', ['kms:DescribeKey'], [resource], alias === null ? undefined : byAlias),
    // The KMS key is used through the service alone, never directly.
    allow('UseKmsKey', kms.actions(options), [resource], {
      StringEquals: { 'kms:ViaService': viaService(request, kms.service) },
      ...byAlias,
    }),
  ];
}

/** An alias is no resource in IAM: the key that has it is found by a condition. */
function kmsResource(place: PolicyPlace, key: string): { resource: string; alias: string | null } {
  const alias = /^(?:arn:[^:]+:kms:[^:]*:[^:]*:)?(alias\/.+)$/.exec(key)?.[1] ?? null;
  if (alias !== null) return { resource: arnOf(place, 'kms', 'key/*'), alias };
  return { resource: key.startsWith('arn:') ? key : arnOf(place, 'kms', `key/${key}`), alias: null };
}

/** In China AWS has a domain of its own, and its pages give both. */
function viaService({ region, partition }: PolicyRequest, service: string): readonly string[] {
  const host = `${service}.${region}.amazonaws.com`;
  return partition === 'aws-cn' ? [host, `${host}.cn`] : [host];
}
