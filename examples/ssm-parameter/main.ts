// The pair as a SecureString of Parameter Store, in the format of an env file: what an instance loads with
// aws ssm get-parameter --with-decryption --name /uploads/key --query Parameter.Value --output text
//
//   BUCKET=my-uploads npx cdktf deploy
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, LightsailProvider, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class SsmParameterExample extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Only to name the Region here; endpoints for trying it out are read from the environment (AWS_ENDPOINT_URL_SSM …).
    new LightsailProvider(this, 'lightsail', { region: process.env.AWS_REGION ?? 'eu-west-1' });
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: process.env.BUCKET ?? 'my-uploads',
      secret: SecretDestination.ssmParameter({ name: '/uploads/key', tier: 'Standard', format: 'env' }),
    });
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
    new TerraformOutput(this, 'parameter', { value: key.secretReference });
  }
}

const app = new App();
new SsmParameterExample(app, 'ssm-parameter');
app.synth();
