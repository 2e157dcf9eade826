// The stack of before.ts, with its access key in the hands of this package. The deployment makes a new key, whose secret
// goes to a file and to no state; the old key is kept for a day, while its users change over, and then retired.
//
//   npx cdktf deploy        (and again once the overlap is over: that retires the old key)
import { LightsailBucket } from '@cdktf/provider-aws/lib/lightsail-bucket';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class Migrate extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: process.env.AWS_REGION ?? 'eu-west-1' });
    const bucket = new LightsailBucket(this, 'bucket', {
      name: process.env.BUCKET ?? 'my-uploads',
      bundleId: 'small_1_0',
    });
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: bucket.name,
      secret: SecretDestination.file({ path: process.env.SECRET_FILE ?? 'my-uploads-key.json' }),
      rotation: { overlapHours: 24 },
    });
    // As terraform state list prints it. The line can go once it was deployed.
    key.moveFromAwsProvider('aws_lightsail_bucket_access_key.uploads-key');
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
    new TerraformOutput(this, 'previous-access-key-id', { value: key.previousAccessKeyId });
    new TerraformOutput(this, 'secret-reference', { value: key.secretReference });
  }
}

const app = new App();
new Migrate(app, 'migrate');
app.synth();
