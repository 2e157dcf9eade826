// The secret as an output of the stack, and so in clear in Terraform's state: for trying things out, and for
// states that nobody but their owner can read.
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class TerraformOutputExample extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: process.env.BUCKET ?? 'my-uploads',
      secret: SecretDestination.terraformOutput(),
    });
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
    // Marked as sensitive, which Terraform insists on; read it with: terraform output -raw secret-access-key
    key.secretOutput('secret-access-key');
  }
}

const app = new App();
new TerraformOutputExample(app, 'terraform-output');
app.synth();
