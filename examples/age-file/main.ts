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
    // This one is of the age specification, and everybody has its identity: put your own in its place.
    const ageRecipients = [RECIPIENT ?? 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj'];
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
