import type { IResolvable, TerraformMetaArguments } from 'cdktf';
import type { SecretDestination } from './secret-destination.js';

/** Arguments of {@link BucketAccessKey}; those of every Terraform resource (`dependsOn`, `lifecycle`, …) included. */
export interface BucketAccessKeyProps extends TerraformMetaArguments {
  /**
   * The name of an existing Lightsail bucket: 3 to 54 lowercase letters, digits and hyphens. Another name makes
   * a new key and deletes this one.
   */
  readonly bucketName: string;
  /** Where the secret goes. Changing it rotates the key, because its secret cannot be had again. */
  readonly secret: SecretDestination;
  /**
   * States that this resource alone creates keys on this bucket, so that a key which appeared during a failed
   * call of its own may be deleted. Default: false, such a key is named and left. The plan refuses it beside a second
   * key of the same configuration on that bucket.
   */
  readonly exclusive?: boolean | IResolvable;
  /** Whether a new key is tried out on S3 before the deployment counts as done. Default: true. */
  readonly verify?: boolean | IResolvable;
  /** Seconds that a new key has until S3 knows it, 1 to 3600. Default: 60. */
  readonly verifyTimeoutSeconds?: number;
  /** When another key takes the place of this one. Default: only when it has to, with an overlap of 24 hours. */
  readonly rotation?: RotationProps;
  /** Programs of your own, run for every key made or removed, rotation included. Default: none. */
  readonly hooks?: HooksProps;
}

/**
 * When a new key takes the place of a key, and how long the one before stays valid beside it.
 *
 * A rotation is part of an apply: the plan says which key is due and since when, the apply makes the new key, delivers
 * and verifies it, and a later apply retires the old one. So deploy on a schedule, too.
 *
 * @example
 * new BucketAccessKey(this, 'uploads', {
 *   bucketName: bucket.name,
 *   secret: SecretDestination.ssmParameter({ name: '/ci/uploads' }),
 *   rotation: { afterDays: 90, overlapHours: 48, keepers: { team: 'media' } },
 * });
 */
export interface RotationProps {
  /** The age in days at which a key is due, 1 to 3650. Default: its age does not matter. */
  readonly afterDays?: number;
  /**
   * Hours for which the previous key stays valid, 0 to 8760 and less than `afterDays`; 0 deletes it in the same apply.
   * Default: 24.
   */
  readonly overlapHours?: number;
  /** Values of your own: any change of them rotates the key. Default: none. */
  readonly keepers?: Readonly<Record<string, string>>;
  /**
   * What becomes of a previous key that was used within the last `overlapHours` when its time is over. Default:
   * `block`, it is kept, and the plan says when, where and by which service it was used. `retire`: it goes.
   */
  readonly onStillUsed?: 'block' | 'retire';
}

/**
 * Programs of your own for every key that is made or removed.
 *
 * The hooks of the configuration that is applied are run, also for keys that were made under another one; a destroy
 * runs those of the last apply. Each may be run more than once for a key: after a failure, and after a crash.
 */
export interface HooksProps {
  /**
   * Run when a key was made, delivered and verified. Where it fails, the key stays: the first apply of a key warns, a
   * later one fails, and the next apply runs the hook again; until then no previous key is retired.
   */
  readonly afterCreate?: HookProps;
  /**
   * Run before a key is deleted that was delivered once. Where it fails, the apply fails and the key stays; the next
   * apply tries again.
   */
  readonly beforeDelete?: HookProps;
}

/**
 * One program. It gets these facts in its environment, and never the secret: `LIGHTSAIL_EVENT` (`after_create` or
 * `before_delete`), `LIGHTSAIL_BUCKET`, `LIGHTSAIL_ACCESS_KEY_ID`, and `LIGHTSAIL_SECRET_REFERENCE`, which is empty
 * where nobody can say where that key's secret is.
 *
 * @example
 * new BucketAccessKey(this, 'uploads', {
 *   bucketName: bucket.name,
 *   secret: SecretDestination.ssmParameter({ name: '/ci/uploads' }),
 *   hooks: {
 *     afterCreate: { command: ['./restart-uploader.sh', '--cluster', 'media'], timeoutSeconds: 120 },
 *     beforeDelete: { command: ['./say-goodbye.sh'], onFailure: 'continue' },
 *   },
 * });
 */
export interface HookProps {
  /**
   * The program and its arguments; no shell reads them. A relative path counts from the folder in which Terraform
   * runs, for a synthesized stack `cdktf.out/stacks/NAME`.
   */
  readonly command: readonly string[];
  /** What its failure means: any end but exit status 0, or none in time. Default: `fail`. `continue`: a warning. */
  readonly onFailure?: 'fail' | 'continue';
  /** Seconds until it is ended, with all that it has started: 1 to 3600. Default: 60. */
  readonly timeoutSeconds?: number;
}
