import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { Arguments } from './arguments.js';
import type { Problems } from './validation.js';

/** A destination as one access key uses it. */
export interface BoundDestination {
  /** The member of Terraform's `secret` argument. */
  readonly route: string;
  readonly arguments: Arguments;
  readonly problems: Problems;
  /** What has to be there before the secret comes, and to stay until it is gone. */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** Makes a destination ready for the access key that is its scope; what has to be created becomes the key's child. */
export type BindDestination = (key: Construct) => BoundDestination;
