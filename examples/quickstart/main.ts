// One access key for a bucket, its secret in a file that only its owner can read.
//
//   npx lightsail-access-key try -- npx cdktf deploy
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class Quickstart extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: process.env.BUCKET ?? 'my-uploads',
      // Beside the synthesized stack: for a service, give the path from which it reads its credentials.
      secret: SecretDestination.file({ path: process.env.SECRET_FILE ?? 'my-uploads-key.json' }),
    });
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
    new TerraformOutput(this, 'secret-reference', { value: key.secretReference });
  }
}

const app = new App();
new Quickstart(app, 'quickstart');
app.synth();
