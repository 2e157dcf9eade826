import type { TerraformMetaArguments } from 'cdktf';
import type { Construct } from 'constructs';
import type { Arguments } from './arguments.js';
import { KEY_TYPE } from './declared-key.js';
import { LightsailResource } from './lightsail-resource.js';

/** Terraform's `lightsail_bucket_access_key`. */
export class AccessKeyResource extends LightsailResource {
  constructor(scope: Construct, id: string, args: Arguments, meta: TerraformMetaArguments) {
    super(scope, id, KEY_TYPE, args, meta);
  }
}
