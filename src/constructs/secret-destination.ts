import type { Construct } from 'constructs';
import type { BindDestination, BoundDestination } from './private/destination.js';
import { fileDestination } from './private/file-destination.js';

/**
 * How the pair is written at its destination:
 *
 * - `sdk`: JSON with `accessKeyId` and `secretAccessKey`, and beside them `bucketName`, `region`, `createdAt`;
 * - `env`: lines `AWS_ACCESS_KEY_ID=…` and `AWS_SECRET_ACCESS_KEY=…`;
 * - `credential_process`: what the AWS CLI and SDKs expect of a `credential_process` program;
 * - `ini`: a profile of a shared credentials file.
 */
export type SecretFormat = 'sdk' | 'env' | 'credential_process' | 'ini';

/** Arguments of {@link SecretDestination.file}. */
export interface FileDestinationProps {
  /**
   * Where the file goes, on the machine that runs Terraform. A relative path counts from the folder in which
   * Terraform runs, for a synthesized stack `cdktf.out/stacks/NAME`.
   */
  readonly path: string;
  /** Default: `sdk`. Changing it rotates the key, because its secret cannot be had again. */
  readonly format?: SecretFormat;
}

/**
 * Where the secret of an access key goes. Lightsail gives it out once, when the key is created, so the
 * destination is decided before that; changing it later rotates the key.
 *
 * A destination describes; it makes nothing by itself, and may be handed to several keys where that makes sense.
 */
export class SecretDestination {
  /**
   * Into the sensitive attribute `secret_access_key`, and thereby **in clear into Terraform's state**, where
   * everybody can read it who can read the state. Every other destination keeps it out of there.
   *
   * @example
   * const key = new BucketAccessKey(this, 'uploads', {
   *   bucketName: 'my-uploads',
   *   secret: SecretDestination.terraformOutput(),
   * });
   * new TerraformOutput(this, 'secret', { value: key.secretAccessKey, sensitive: true });
   */
  static terraformOutput(): SecretDestination {
    return new SecretDestination(() => ({ route: 'terraform_output', arguments: {}, problems: [] }));
  }

  /**
   * Into a file on the machine that runs Terraform, readable by its owner alone (mode 0600) and replaced in one
   * step. The file belongs to one key: content that is not that key's is never overwritten.
   *
   * An empty path or an unknown format fails the synthesis.
   *
   * @example
   * new BucketAccessKey(this, 'uploads', {
   *   bucketName: 'my-uploads',
   *   secret: SecretDestination.file({ path: '/etc/uploader/key.json' }),
   * });
   */
  static file(props: FileDestinationProps): SecretDestination {
    return new SecretDestination(fileDestination(props));
  }

  private constructor(private readonly binder: BindDestination) {}

  /**
   * Called by the key that uses this destination.
   *
   * @internal
   */
  bind(key: Construct): BoundDestination {
    return this.binder(key);
  }
}
