// A stack as it may stand today: the access key by the AWS provider, its secret in Terraform's state and in an output.
// main.ts is what becomes of it.
//
//   npx cdktf deploy --app "npx tsx before.ts"
import { LightsailBucket } from '@cdktf/provider-aws/lib/lightsail-bucket';
import { LightsailBucketAccessKey } from '@cdktf/provider-aws/lib/lightsail-bucket-access-key';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

class Before extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: process.env.AWS_REGION ?? 'eu-west-1' });
    const bucket = new LightsailBucket(this, 'bucket', {
      name: process.env.BUCKET ?? 'my-uploads',
      bundleId: 'small_1_0',
    });
    const key = new LightsailBucketAccessKey(this, 'uploads-key', { bucketName: bucket.name });
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
    new TerraformOutput(this, 'secret-access-key', { value: key.secretAccessKey, sensitive: true });
  }
}

const app = new App();
new Before(app, 'migrate');
app.synth();
