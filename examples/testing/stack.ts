import { TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, LightsailProvider, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

/** What the two tests beside this file are about. */
export class StorageStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new LightsailProvider(this, 'lightsail', { region: 'us-east-1' });
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.file({ path: 'uploads-key.json' }),
      rotation: { afterDays: 90 },
    });
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
  }
}
