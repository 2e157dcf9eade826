// The stack that the pipelines of this folder plan, apply and audit: a key that rotates every 90 days, its secret in
// Parameter Store, so that no runner keeps anything.
import { App, HttpBackend, S3Backend, TerraformStack } from 'cdktf';
import {
  BucketAccessKey,
  BucketAccessKeyAudit,
  LightsailProvider,
  SecretDestination,
} from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

const REGION = 'eu-central-1';

class Pipeline extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#backend();
    new LightsailProvider(this, 'lightsail', { region: REGION });
    const bucketName = process.env.BUCKET ?? 'my-uploads';
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName,
      secret: SecretDestination.ssmParameter({ name: '/uploads/key' }),
      rotation: { afterDays: 90, overlapHours: 48 },
    });
    new BucketAccessKeyAudit(this, 'audit', { bucketName, keys: [key] });
  }

  /** A runner's disk is gone after the run: GitLab keeps the state itself, GitHub's runs keep it in S3. */
  #backend(): void {
    const { TF_HTTP_ADDRESS: address, STATE_BUCKET } = process.env;
    if (address !== undefined) {
      const lock = `${address}/lock`;
      new HttpBackend(this, {
        address,
        lockAddress: lock,
        lockMethod: 'POST',
        unlockAddress: lock,
        unlockMethod: 'DELETE',
      });
      return;
    }
    new S3Backend(this, {
      bucket: STATE_BUCKET ?? 'my-terraform-state',
      key: 'pipeline.tfstate',
      region: REGION,
      encrypt: true,
    });
    // CDKTF does not know it yet; Terraform 1.10 and later lock by a file beside the state.
    this.addOverride('terraform.backend.s3.use_lockfile', true);
  }
}

const app = new App();
new Pipeline(app, 'pipeline');
app.synth();
