// The secret to a program of your own, for every place that this package does not know. Beside this file are programs
// for 1Password, Doppler, GitHub, GitLab and Kubernetes; each gets the pair as JSON on its standard input.
//
//   BUCKET=my-uploads npx cdktf deploy
import { join } from 'node:path';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class CommandExample extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const programs = process.env.PROGRAMS ?? join(process.cwd(), 'programs');
    // The same program stores the pair and removes it: the event that it reads says which.
    const program = [join(programs, 'github.mjs'), 'my-organization/my-repository', 'UPLOADS_KEY'];
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: process.env.BUCKET ?? 'my-uploads',
      secret: SecretDestination.command({ write: program, delete: program }),
    });
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
    // What the program said of where the pair is.
    new TerraformOutput(this, 'secret-reference', { value: key.secretReference });
  }
}

const app = new App();
new CommandExample(app, 'command');
app.synth();
