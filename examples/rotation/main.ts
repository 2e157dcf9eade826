// A key that is replaced every 90 days without an outage: the new pair is delivered and tried, the old key stays valid
// for two days more, and is retired by a later deployment unless somebody still uses it.
//
//   npx cdktf deploy          on a schedule, too: a rotation is part of a deployment
//
// What rotates is in this file and not in the environment of one run: the next scheduled deployment would not have it,
// and would take the difference for a change of its own.
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class Rotation extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: process.env.BUCKET ?? 'my-uploads',
      // Whoever reads this file whenever it makes a connection finds a pair that works at every moment.
      secret: SecretDestination.file({ path: process.env.SECRET_FILE ?? 'my-uploads-key.json' }),
      rotation: {
        afterDays: 90,
        // A key is compromised: 0 here and a higher version below, for one deployment, replace every key of this resource
        // at once, whoever uses them. Then put 48 back, and leave the version.
        overlapHours: 48,
        // Raise and commit to rotate now.
        keepers: { version: '1' },
      },
    });
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
    new TerraformOutput(this, 'secret-reference', { value: key.secretReference });
    // For a dashboard, or a reminder.
    new TerraformOutput(this, 'rotation-due-at', { value: key.rotationDueAt });
    new TerraformOutput(this, 'retire-previous-after', { value: key.retirePreviousAfter });
  }
}

const app = new App();
new Rotation(app, 'rotation');
app.synth();
