import type { ManagedKey, Place } from '../managed-key.js';
import { text, time } from './json.js';
import type { StateResource } from './terraform-json.js';

const OURS = 'lightsail_bucket_access_key';
const AWS = 'aws_lightsail_bucket_access_key';

/** The bucket access keys that a state's resources name. Takes over what an audit needs, and no secret. */
export function managedKeys(resources: readonly StateResource[], state: string): readonly ManagedKey[] {
  const places = bucketPlaces(resources);
  return resources.flatMap(({ address, type, values }): ManagedKey[] => {
    if (type !== OURS && type !== AWS) return [];
    const bucket = text(values.bucket_name);
    if (bucket === null) return [];
    const key = { address, state, bucket, place: places.get(bucket) ?? regionOf(values) };
    const current = text(values.access_key_id);
    const previous = text(values.previous_access_key_id);
    return [
      // Without a current key our resource stays in the state as long as it has others to delete.
      ...(current === null && type !== OURS
        ? []
        : [
            {
              ...key,
              role: 'current' as const,
              accessKeyId: current,
              createdAt: time(values.created_at),
              retireAfter: null,
              rotationDueAt: time(values.rotation_due_at),
              isUndelivered: type === OURS && lacksPair(values),
            },
          ]),
      ...(previous === null
        ? []
        : [
            {
              ...key,
              role: 'previous' as const,
              accessKeyId: previous,
              createdAt: null,
              retireAfter: time(values.retire_previous_after),
              rotationDueAt: null,
              isUndelivered: false,
            },
          ]),
    ];
  });
}

/** Imported or moved, or its pair was found gone. What a program was given leaves no trace. */
function lacksPair({ secret, ...values }: StateResource['values']): boolean {
  if (secret === null) return true;
  if (typeof secret === 'object' && 'command' in secret && secret.command !== null) return false;
  return ['secret_reference', 'secret_access_key', 'sealed_secret_access_key'].every(
    (name) => values[name] === null,
  );
}

/** Where the state's own buckets are, by their ARNs. */
function bucketPlaces(resources: readonly StateResource[]): ReadonlyMap<string, Place> {
  return new Map(
    resources.flatMap(({ type, values }): [string, Place][] => {
      const name = text(values.name);
      if (type !== 'aws_lightsail_bucket' || name === null) return [];
      const [, arnRegion, accountId = null] =
        /^arn:[^:]+:lightsail:([^:]*):(\d{12}):/.exec(text(values.arn) ?? '') ?? [];
      return [[name, { region: text(arnRegion) ?? text(values.region), accountId }]];
    }),
  );
}

/**
 * hashicorp/aws 6 keeps the region with each resource. Our provider has one region for all its calls, so that of a
 * Secrets Manager secret is the bucket's too; the account is not, since a secret may be another account's.
 */
function regionOf(values: StateResource['values']): Place {
  const secretRegion = /^arn:[^:]+:secretsmanager:([^:]+):/.exec(text(values.secret_reference) ?? '')?.[1];
  return { region: text(values.region) ?? secretRegion ?? null, accountId: null };
}
