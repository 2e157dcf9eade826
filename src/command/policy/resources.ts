import type { PolicyRequest } from './request.js';
import { PARAMETER_SUFFIX } from './rights.js';

type Place = Pick<PolicyRequest, 'partition' | 'region' | 'account'>;

function arn({ partition, region, account }: Place, service: string, rest: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${rest}`;
}

/**
 * IAM knows a Lightsail bucket by an ID that AWS makes up, and not by its name: with a name alone the right cannot be
 * limited further than to the buckets of the account in the Region.
 */
export function bucketResources(request: PolicyRequest): readonly string[] {
  const isWide = request.buckets.some(isName);
  return isWide ? [arn(request, 'lightsail', 'Bucket/*')] : [...new Set(request.buckets)].sort();
}

export function isName(bucket: string): boolean {
  return !bucket.startsWith('arn:');
}

/**
 * Secrets Manager adds a hyphen and six characters to the name, which only a whole ARN has. An ARN that ends like that
 * may be whole, or the one of a name that ends so itself: nobody but AWS can tell.
 */
export function secretResources(request: PolicyRequest, secretId: string): readonly string[] {
  if (!secretId.startsWith('arn:')) return [arn(request, 'secretsmanager', `secret:${secretId}-??????`)];
  const suffixed = `${secretId}-??????`;
  return /-[A-Za-z0-9]{6}$/.test(secretId) ? [secretId, suffixed] : [suffixed];
}

export function parameterResources(request: PolicyRequest, name: string) {
  const at = (suffix: string) => arn(request, 'ssm', `parameter/${name.replace(/^\//, '')}${suffix}`);
  return {
    parameter: at(''),
    'parameter-journal': at(PARAMETER_SUFFIX.journal),
    'parameter-pending': at(`${PARAMETER_SUFFIX.pending}*`),
  };
}

/** An alias is no resource in IAM: the key that has it is found by a condition. */
export function kmsResource(request: PolicyRequest, key: string): { resource: string; alias: string | null } {
  const alias = /^(?:arn:[^:]+:kms:[^:]*:[^:]*:)?(alias\/.+)$/.exec(key)?.[1] ?? null;
  if (alias !== null) return { resource: arn(request, 'kms', 'key/*'), alias };
  return { resource: key.startsWith('arn:') ? key : arn(request, 'kms', `key/${key}`), alias: null };
}
