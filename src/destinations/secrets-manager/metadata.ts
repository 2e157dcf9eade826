import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { memberOf } from '../../aws/no-answer.js';
import type { Holding } from '../../lifecycle/destination.js';
import { CURRENT } from './descriptor.js';

/** Which version has each label. */
type Labels = ReadonlyMap<string, string>;

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
  readonly #versionByLabel: Labels;

  /** `labelsOf`: what is to be made of the labels that are shown. */
  constructor(output: DescribeSecretCommandOutput, labelsOf: (arn: string, shown: Labels) => Labels) {
    this.arn = memberOf(output.ARN, 'an ARN');
    this.isScheduledForDeletion = Boolean(output.DeletedDate);
    this.isRotatedByLambda = output.RotationEnabled ?? false;
    this.owner = output.OwningService ?? null;
    this.kmsKeyId = output.KmsKeyId ?? null;
    this.primaryRegion = output.PrimaryRegion ?? null;
    const shown = new Map(
      Object.entries(output.VersionIdsToStages ?? {}).flatMap(([id, labels]) =>
        labels.map((label) => [label, id] as const),
      ),
    );
    this.#versionByLabel = labelsOf(this.arn, shown);
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
    return { current: isEmpty(current) ? null : { accessKeyId: this.keyWith(CURRENT) } };
  }
}

/** Nothing, or the marked empty version. */
export function isEmpty(version: string | null): boolean {
  return version === null || version === EMPTY_VERSION;
}

/** How long metadata may tell what was there before a change. */
const LONGEST_LAG = 10_000;

interface Change {
  readonly at: number;
  /** Null: no version has the label. */
  readonly version: string | null;
  /** What metadata of a moment ago may show instead. */
  readonly earlier: ReadonlySet<string | null>;
}

/**
 * What this process has lately done to the labels of secrets, by Secrets Manager's own answers. Its metadata may be some
 * seconds old, and a label that they show where it was before is believed to be where it was put. A version that was
 * never there before is another writer's, and is believed.
 */
export class RecentLabels {
  readonly #changes = new Map<string, Change>();
  readonly #seen = new Map<string, Labels>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** AWS has answered that the label is there now. */
  moved(arn: string, label: string, version: string | null, from: string | null = null): void {
    const key = `${arn} ${label}`;
    const before = this.#changes.get(key);
    const earlier = new Set([...(before ? [...before.earlier, before.version] : []), from]);
    earlier.add(this.#seen.get(arn)?.get(label) ?? null);
    earlier.delete(version);
    this.#changes.set(key, { at: this.now(), version, earlier });
  }

  /** The labels as they are, by what metadata show of them. */
  over(arn: string, shown: Labels): Labels {
    const labels = new Map(shown);
    for (const [key, { at, version, earlier }] of this.#changes) {
      const label = key.startsWith(`${arn} `) ? key.slice(arn.length + 1) : null;
      if (label === null || this.now() - at > LONGEST_LAG) continue;
      if (!earlier.has(shown.get(label) ?? null)) continue;
      if (version === null) labels.delete(label);
      else labels.set(label, version);
    }
    this.#seen.set(arn, labels);
    return labels;
  }
}

/**
 * The ID of a version is the idempotency token it was put with: 32 to 64 characters that we choose. So the metadata
 * tells which key a pair is of, and no secret has to be read for it.
 */
const PAIR = 'lightsail-access-key-';
const ENTRY = 'lightsail-journal-';
const LONGEST = 64;

/** What consumers find where there is no pair. One ID and one content, so that all who put it agree. */
export const EMPTY_VERSION = 'lightsail-empty-0000000000000001';
export const EMPTY_CONTENT =
  '{"empty":true,"note":"No access key yet, or none any more. Written by cdktf-lightsail-access-key."}';

/** Null for a key ID that no version can be named after. */
export function pairVersion(accessKeyId: string): string | null {
  const id = `${PAIR}${accessKeyId}`;
  return id.length <= LONGEST && keyOfVersion(id) === accessKeyId ? id : null;
}

/** Null for a version that is not a pair of ours. */
export function keyOfVersion(versionId: string): string | null {
  return /^lightsail-access-key-([A-Za-z0-9]{11,})$/.exec(versionId)?.[1] ?? null;
}

/** The journal's entries are numbered: two writers that follow the same entry choose the same ID. */
export function entryVersion(number: number): string {
  return `${ENTRY}${String(number).padStart(14, '0')}`;
}

/** Null for a version that is not an entry of the journal. */
export function entryNumber(versionId: string): number | null {
  const digits = /^lightsail-journal-(\d{14})$/.exec(versionId)?.[1];
  return digits === undefined ? null : Number(digits);
}
