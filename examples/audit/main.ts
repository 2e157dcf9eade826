// Three buckets whose keys are compared with those that are declared, at every plan and apply. A key that nobody
// declared fails the plan, or is a warning; it is named with its age and last use, and never deleted.
//
//   npx lightsail-access-key try --bucket my-uploads --bucket my-backups --bucket my-logs -- npx cdktf deploy
//
// The command sees the whole account, and tells of the buckets that no stack audits:
//
//   npx lightsail-access-key audit --state cdktf.out
import { App, TerraformStack } from 'cdktf';
import { BucketAccessKey, BucketAccessKeyAudit, SecretDestination } from 'cdktf-lightsail-access-key';
import type { Construct } from 'constructs';

class Audited extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // A bucket with two keys of this stack, which is as many as a bucket can have.
    const writer = this.#key('writer', 'my-uploads');
    const reader = this.#key('reader', 'my-uploads');
    new BucketAccessKeyAudit(this, 'uploads-audit', { bucketName: 'my-uploads', keys: [writer, reader] });

    // A bucket that this stack shares with others: their keys are known by their IDs alone.
    const backups = this.#key('backups', 'my-backups');
    const keysOfOtherStacks = (process.env.OTHER_KEY_IDS ?? '').split(',').filter((keyId) => keyId !== '');
    new BucketAccessKeyAudit(this, 'backups-audit', {
      bucketName: 'my-backups',
      keys: [backups, ...keysOfOtherStacks],
    });

    // A bucket that is still being tidied up: what is found is said, and stops nobody.
    new BucketAccessKeyAudit(this, 'logs-audit', {
      bucketName: 'my-logs',
      keys: [this.#key('logs', 'my-logs')],
      onUnmanagedKey: 'warn',
    });
  }

  #key(id: string, bucketName: string): BucketAccessKey {
    return new BucketAccessKey(this, id, {
      bucketName,
      secret: SecretDestination.file({ path: `${id}-key.json` }),
    });
  }
}

const app = new App();
new Audited(app, 'audit');
app.synth();
