// Bucket, secret and access key in one apply: the bucket and the secret's container by the AWS provider, the key by
// this package. The pair goes from Lightsail to Secrets Manager and is in no state, plan or log.
//
//   npx cdktf deploy
import { LightsailBucket } from '@cdktf/provider-aws/lib/lightsail-bucket';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class SecretsManagerExample extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Both providers work in this Region. Endpoints for trying it out are read from the environment (AWS_ENDPOINT_URL …).
    new AwsProvider(this, 'aws', { region: process.env.AWS_REGION ?? 'eu-west-1' });
    const bucket = new LightsailBucket(this, 'bucket', {
      name: process.env.BUCKET ?? 'my-uploads',
      bundleId: 'small_1_0',
    });
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: bucket.name,
      secret: SecretDestination.newSecretsManagerSecret({
        namePrefix: 'uploads-',
        description: 'Access key of the uploads bucket',
        createKmsKey: true,
        recoveryWindowInDays: 7,
      }),
    });
    // For a consumer, such as the `secrets` of an ECS task definition.
    new TerraformOutput(this, 'secret-reference', { value: key.secretReference });
    // For an IAM policy, or for a call of Secrets Manager; key.readStatements() has the whole of what a reader needs.
    new TerraformOutput(this, 'secret-arn', { value: key.secretArn });
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
  }
}

const app = new App();
new SecretsManagerExample(app, 'secrets-manager');
app.synth();
