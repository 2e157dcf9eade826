// The secret to a program of your own, for every place that this package does not know. Beside this file are programs
// for 1Password, Doppler, GitHub, GitLab and Kubernetes; each gets the pair as JSON on its standard input.
//
//   BUCKET=my-uploads PLACE=github npx cdktf deploy
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

/** Each program with its arguments: put your own in place of these. */
const programs: Readonly<Record<string, readonly string[]>> = {
  doppler: ['doppler.mjs', 'shop', 'prd', 'UPLOADS_KEY'],
  github: ['github.mjs', 'my-organization/my-repository', 'UPLOADS_KEY'],
  gitlab: ['gitlab.mjs', 'my-group/my-project', 'UPLOADS_KEY'],
  kubernetes: ['kubernetes.mjs', 'shop', 'uploads'],
  'one-password': ['one-password.mjs', 'CI', 'uploads'],
};

class CommandExample extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const {
      BUCKET = 'my-uploads',
      PLACE = 'github',
      // As Terraform sees it from cdktf.out/stacks/command. Relative: a program at another path is another place for the
      // secret, so with an absolute path the key would rotate with each checkout that lies elsewhere.
      PROGRAMS = '../../../programs',
    } = process.env;
    const [file, ...args] = programs[PLACE] ?? [];
    if (file === undefined)
      throw new Error(`PLACE is ${PLACE}, not one of ${Object.keys(programs).join(', ')}.`);
    // The same program stores the pair and removes it: the event that it reads says which.
    const program = [`${PROGRAMS}/${file}`, ...args];
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: BUCKET,
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
