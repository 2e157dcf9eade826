import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { CURRENT, EMPTY_VERSION, keyOfVersion, PENDING } from './version-ids.js';
import type { Holding } from '../../lifecycle/destination.js';

/** A secret without anything secret: what DescribeSecret tells. */
export class Description {
  readonly arn: string;
  readonly isScheduledForDeletion: boolean;
  readonly isRotatedByLambda: boolean;
  /** The service that manages the secret as its own. */
  readonly owner: string | null;
  /** Set where the secret is replicated, here or from here. */
  readonly primaryRegion: string | null;
  /** Null for AWS's own key. */
  readonly kmsKeyId: string | null;
  readonly #versionByLabel: ReadonlyMap<string, string>;

  constructor(output: DescribeSecretCommandOutput) {
    this.arn = output.ARN ?? '';
    this.isScheduledForDeletion = Boolean(output.DeletedDate);
    this.isRotatedByLambda = output.RotationEnabled ?? false;
    this.owner = output.OwningService ?? null;
    this.kmsKeyId = output.KmsKeyId ?? null;
    this.primaryRegion = output.PrimaryRegion ?? null;
    this.#versionByLabel = new Map(
      Object.entries(output.VersionIdsToStages ?? {}).flatMap(([id, labels]) =>
        labels.map((label) => [label, id] as const),
      ),
    );
  }

  /** Null when no version has that label. */
  versionWith(label: string): string | null {
    return this.#versionByLabel.get(label) ?? null;
  }

  /** The key whose pair has that label; null for any other version. */
  keyWith(label: string): string | null {
    const version = this.versionWith(label);
    return version === null ? null : keyOfVersion(version);
  }

  /** As consumers have it: what is going to be deleted cannot be read any more. */
  holding(): Holding {
    const current = this.isScheduledForDeletion ? null : this.versionWith(CURRENT);
    const pending = this.keyWith(PENDING);
    return {
      current: isEmpty(current) ? null : { accessKeyId: this.keyWith(CURRENT) },
      pending: pending === null || pending === this.keyWith(CURRENT) ? [] : [pending],
    };
  }
}

/** Nothing, or the marked empty version. */
export function isEmpty(version: string | null): boolean {
  return version === null || version === EMPTY_VERSION;
}
