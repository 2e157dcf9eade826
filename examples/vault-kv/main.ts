// The pair in a KV v2 secrets engine of Vault or OpenBao. Address and token come from the environment, as the Vault
// CLI takes them; nothing of them is in the stack.
//
//   export VAULT_ADDR=https://vault.example.com VAULT_TOKEN=…
//   BUCKET=my-uploads npx cdktf deploy
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class VaultKvExample extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const key = new BucketAccessKey(this, 'uploads', {
      bucketName: process.env.BUCKET ?? 'my-uploads',
      secret: SecretDestination.vaultKv({ mount: process.env.VAULT_MOUNT ?? 'secret', path: 'ci/uploads' }),
    });
    new TerraformOutput(this, 'access-key-id', { value: key.accessKeyId });
    new TerraformOutput(this, 'path', { value: key.secretReference });
  }
}

const app = new App();
new VaultKvExample(app, 'vault-kv');
app.synth();
