import { TYPES } from '../../../contract/names.js';
import { DESTINATIONS } from '../../../destinations/registry.js';
import type { Manager } from '../report.js';
import type { StateResource } from './terraform-json.js';
import { text, time } from './terraform-json.js';

/** Where a state says that a bucket is. Null: it does not say. */
export interface Place {
  readonly region: string | null;
  readonly accountId: string | null;
}

/** A key that a state names, or the one that a resource of it has lost. */
export interface ManagedKey extends Manager {
  readonly bucket: string;
  /** Null: the resource has no current key, because it is gone or could not be made. */
  readonly accessKeyId: string | null;
  /** Of a current key, as its state says. */
  readonly createdAt: Date | null;
  /** Of a previous key: the end of its overlap. */
  readonly retireAfter: Date | null;
  /** Of a current key with `after_days`. */
  readonly rotationDueAt: Date | null;
  /** Imported or moved: its secret was never delivered, so it is due for rotation. */
  readonly isUndelivered: boolean;
  readonly place: Place;
}

/** What one state says. */
export interface ManagedState {
  readonly state: string;
  readonly keys: readonly ManagedKey[];
  readonly note: string | null;
}

const AWS = 'aws_lightsail_bucket_access_key';

/** The bucket access keys that a state's resources name. Takes over what an audit needs, and no secret. */
export function managedKeys(resources: readonly StateResource[], state: string): readonly ManagedKey[] {
  const places = bucketPlaces(resources);
  return resources.flatMap(({ address, type, values }): ManagedKey[] => {
    if (type !== TYPES.accessKey && type !== AWS) return [];
    const bucket = text(values.bucket_name);
    if (bucket === null) return [];
    const key = { address, state, bucket, place: places.get(bucket) ?? regionOf(values) };
    const current = text(values.access_key_id);
    const previous = text(values.previous_access_key_id);
    return [
      // Without a current key our resource stays in the state as long as it has others to delete.
      ...(current === null && type !== TYPES.accessKey
        ? []
        : [
            {
              ...key,
              role: 'current' as const,
              accessKeyId: current,
              createdAt: time(values.created_at),
              retireAfter: null,
              rotationDueAt: time(values.rotation_due_at),
              isUndelivered: type === TYPES.accessKey && lacksPair(values),
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

type Named = Readonly<Record<string, unknown>>;
const MUTE = DESTINATIONS.filter(({ isMute }) => isMute).map(({ name }) => name);

/** Imported or moved, or its pair was found gone. What a program was given leaves no trace. */
function lacksPair({ secret, ...values }: StateResource['values']): boolean {
  if (secret === null) return true;
  if (typeof secret === 'object' && MUTE.some((name) => (secret as Named)[name] ?? null)) return false;
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
