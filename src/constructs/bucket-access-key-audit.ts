import {
  type ITerraformDependable,
  type TerraformMetaArguments,
  type TerraformResource,
  TerraformStack,
} from 'cdktf';
import { Construct } from 'constructs';
import { TYPES } from '../contract/names.js';
import type { BucketAccessKey } from './bucket-access-key.js';
import { AUDIT, checkAuditedKeys, idsOf } from './private/audited-keys.js';
import { enter } from './private/entrance.js';
import { LightsailResource } from './private/lightsail-resource.js';

/** What an undeclared key does to a plan and to an apply. */
export type OnUnmanagedKey = 'fail' | 'warn';

/**
 * Arguments of {@link BucketAccessKeyAudit}; those of every Terraform resource (`dependsOn`, `lifecycle`, …) included.
 */
export interface BucketAccessKeyAuditProps extends TerraformMetaArguments {
  /** The name of the bucket to look at: 3 to 54 lowercase letters, digits and hyphens. */
  readonly bucketName: string;
  /**
   * The keys that are managed, at least one: every {@link BucketAccessKey} on this bucket of this stack, and the IDs
   * (`AKIA…`) of keys that other stacks or people look after.
   */
  readonly keys: readonly (BucketAccessKey | string)[];
  /**
   * `fail`: the plan fails, and so does an apply that changes one of the keys. `warn`: both say so and go on.
   * Default: `fail`. A destroy is blocked by neither.
   */
  readonly onUnmanagedKey?: OnUnmanagedKey;
}

/**
 * Compares the access keys of an Amazon Lightsail bucket with those that are declared, at every plan, and at every
 * apply that changes one of them. A key that nobody declared is named with its status, age and last use, and with
 * what to do about it; it is never deleted.
 *
 * A bucket that does not exist yet has nothing to compare. Where the keys cannot be listed, `fail` fails. A key that
 * leaves `keys` is judged from the next run on, because Terraform may delete it only after the audit.
 *
 * Fails the synthesis, naming this construct's path: a key of another bucket, a key of this stack on the bucket that is
 * missing from `keys`.
 *
 * @throws Error with its path and everything that is wrong with `props`: no keys at all, something that is no ID
 *
 * @see https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetBucketAccessKeys.html
 *
 * @example
 * const key = new BucketAccessKey(this, 'uploads', {
 *   bucketName: 'my-uploads',
 *   secret: SecretDestination.file({ path: '/etc/uploader/key.json' }),
 * });
 * new BucketAccessKeyAudit(this, 'audit', { bucketName: 'my-uploads', keys: [key, 'AKIAIOSFODNN7EXAMPLE'] });
 */
export class BucketAccessKeyAudit extends Construct implements ITerraformDependable {
  /** The Terraform resource behind this audit, for what CDKTF offers on every resource. */
  readonly resource: TerraformResource;

  constructor(scope: Construct, id: string, props: BucketAccessKeyAuditProps) {
    super(enter(scope, id, AUDIT, props), id);
    const { bucketName, keys, onUnmanagedKey, lifecycle, ...meta } = props;
    this.resource = new LightsailResource(
      this,
      'Resource',
      TYPES.audit,
      {
        bucket_name: bucketName,
        managed_access_key_ids: idsOf(TerraformStack.of(this), keys),
        on_unmanaged_key: onUnmanagedKey,
      },
      {
        ...meta,
        lifecycle: { ...lifecycle, postcondition: [...(lifecycle?.postcondition ?? []), PASSED] },
      },
    );
    this.node.addValidation({ validate: () => [...checkAuditedKeys(this.resource, bucketName, keys)] });
  }

  /** The resource's address, so that something can depend on the audit: it is made only when the audit has passed. */
  get fqn(): string {
    return this.resource.fqn;
  }
}

/** The condition of a plan; of a destroy Terraform makes it a warning, which an error of the provider's would block. */
const PASSED = { condition: '${self.passed}', errorMessage: '${self.finding}' };
