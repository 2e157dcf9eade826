// The pair in a file that only the holders of an age identity can read: it may lie on a shared disk or in a
// repository. The same for an output, whose ciphertext may be shown.
//
//   age-keygen -o identity.txt                       (prints the recipient)
//   RECIPIENT=age1… BUCKET=my-uploads npx cdktf deploy
//   age -d -i identity.txt my-uploads-key.json.age
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class AgeFileExample extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { BUCKET: bucketName = 'my-uploads', RECIPIENT, SECRET_FILE } = process.env;
    // No default: whoever holds the identity of a recipient that stands here for everybody would open the secret.
    if (!RECIPIENT)
      throw new Error(
        'RECIPIENT is not set: the secret would be sealed for nobody. Set it to the recipient that age-keygen prints (age1…).',
      );
    const ageRecipients = [RECIPIENT];
    const filed = new BucketAccessKey(this, 'filed', {
      bucketName,
      secret: SecretDestination.file({ path: SECRET_FILE ?? 'my-uploads-key.json.age', ageRecipients }),
    });
    const shown = new BucketAccessKey(this, 'shown', {
      bucketName,
      secret: SecretDestination.terraformOutput({ ageRecipients }),
    });
    new TerraformOutput(this, 'file', { value: filed.secretReference });
    // The ciphertext is of the secret alone: its reader needs the key's ID too.
    new TerraformOutput(this, 'access-key-id', { value: shown.accessKeyId });
    shown.secretOutput('sealed-secret');
  }
}

const app = new App();
new AgeFileExample(app, 'age-file');
app.synth();
