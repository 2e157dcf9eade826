import { TerraformOutput, type TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { LightsailBucket } from '@cdktf/provider-aws/lib/lightsail-bucket';
import { TerraformStack as Stack } from 'cdktf';
import {
  BucketAccessKey,
  BucketAccessKeyAudit,
  type BucketAccessKeyAuditProps,
  type OnUnmanagedKey,
  LightsailProvider,
  SecretDestination,
} from '../../../src/constructs/index.js';
import { type Block, only, stackWith, synthesize } from './stacks.js';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const secret = SecretDestination.terraformOutput();

function keyOn(stack: TerraformStack, bucketName = 'uploads', id = 'key'): BucketAccessKey {
  return new BucketAccessKey(stack, id, { bucketName, secret });
}

type Fill = (stack: TerraformStack) => Partial<BucketAccessKeyAuditProps>;

function auditBlock(fill: Fill): Block {
  const { resource } = synthesize((stack) => {
    new BucketAccessKeyAudit(stack, 'audit', { bucketName: 'uploads', keys: [ID], ...fill(stack) });
  });
  return only(resource.lightsail_bucket_access_key_audit);
}

function synthesis(fill: Fill): () => void {
  return () =>
    Testing.fullSynth(
      stackWith((scope) => {
        new BucketAccessKeyAudit(scope, 'audit', { bucketName: 'uploads', keys: [ID], ...fill(scope) });
      }),
    );
}

const attribute = (name: string) =>
  expect.stringMatching(new RegExp(`^\\$\\{lightsail_bucket_access_key\\.key_[^.]+\\.${name}\\}$`)) as string;

test("an audit knows a key by its ID and its predecessor's, and another stack's by the ID alone", () => {
  expect(auditBlock((stack) => ({ keys: [keyOn(stack), ID] }))).toMatchObject({
    bucket_name: 'uploads',
    managed_access_key_ids: [attribute('access_key_id'), attribute('previous_access_key_id'), ID],
  });
});

test('a condition of its own turns what it finds into the error of a plan, beside those of the author', () => {
  const mine = { condition: '${true}', errorMessage: 'No.' };
  expect(
    auditBlock(() => ({ lifecycle: { preventDestroy: true, postcondition: [mine] } })).lifecycle,
  ).toEqual({
    prevent_destroy: true,
    postcondition: [
      { condition: '${true}', error_message: 'No.' },
      { condition: '${self.passed}', error_message: '${self.finding}' },
    ],
  });
});

test('it fails unless its author wants a warning', () => {
  expect(auditBlock(() => ({}))).not.toHaveProperty('on_unmanaged_key');
  expect(auditBlock(() => ({ onUnmanagedKey: 'warn' }))).toMatchObject({ on_unmanaged_key: 'warn' });
});

test('something may depend on an audit', () => {
  const { output } = synthesize((stack) => {
    const audit = new BucketAccessKeyAudit(stack, 'audit', { bucketName: 'uploads', keys: [ID] });
    new TerraformOutput(stack, 'ready', { value: true, dependsOn: [audit] });
  });
  expect(output.ready?.depends_on).toEqual([
    expect.stringMatching(/^\$\{lightsail_bucket_access_key_audit\.audit_\w+\}$/),
  ]);
});

test('HCL synthesis gives the same audit', () => {
  const hcl = String(
    Testing.synthHcl(
      stackWith((stack) => {
        new BucketAccessKeyAudit(stack, 'audit', { bucketName: 'uploads', keys: [keyOn(stack), ID] });
      }),
    ),
  );
  expect(hcl).toMatch(
    /managed_access_key_ids = \[\s*"\$\{lightsail_bucket_access_key\.key_\w+\.access_key_id\}",/,
  );
  expect(hcl).toMatch(
    /lifecycle \{\s*postcondition \{\s*condition = "\$\{self\.passed\}"\s*error_message = "\$\{self\.finding\}"\s*\}\s*\}/,
  );
});

test('a key of another stack of the app is known by what that stack puts out, also without a predecessor', () => {
  const app = Testing.app();
  const keys = new Stack(app, 'keys');
  const audits = new Stack(app, 'audits');
  new BucketAccessKeyAudit(audits, 'audit', { bucketName: 'uploads', keys: [keyOn(keys)] });
  app.synth();
  const { resource } = JSON.parse(Testing.synth(audits)) as {
    resource: Record<string, Record<string, Block>>;
  };
  const output = (name: string) => `data\\.terraform_remote_state\\.[\\w-]+\\.outputs\\.[\\w-]*${name}`;
  expect(only(resource.lightsail_bucket_access_key_audit).managed_access_key_ids).toEqual([
    expect.stringMatching(new RegExp(`^\\$\\{${output('access_key_id')}\\}$`)),
    expect.stringMatching(
      new RegExp(`^\\$\\{one\\(compact\\(\\[${output('previous_access_key_id[\\w-]*')}\\]\\)\\)\\}$`),
    ),
  ]);
});

test.each<[string, Fill, RegExp]>([
  ['no keys', () => ({ keys: [] }), /\[stack\/audit\] keys is empty/],
  [
    'an ID that is none',
    () => ({ keys: ['uploads-key'] }),
    /\[stack\/audit\] keys\[0\] is "uploads-key".*Give a BucketAccessKey, or an ID/,
  ],
  ['a bucket name that is none', () => ({ bucketName: 'NO' }), /\[stack\/audit\] bucketName is "NO"/],
  ['an unknown mode', () => ({ onUnmanagedKey: 'ignore' as OnUnmanagedKey }), /onUnmanagedKey is "ignore"/],
  [
    'a key of another bucket',
    (stack) => ({ keys: [keyOn(stack, 'archive')] }),
    /stack\/key in keys is an access key of the bucket "archive", and this audit is of "uploads"/,
  ],
  [
    'a key of this stack that it leaves out',
    (stack) => {
      keyOn(stack, 'uploads', 'other');
      return { keys: [keyOn(stack), ID] };
    },
    /stack\/other is an access key of the audited bucket and is not in keys/,
  ],
  [
    'keys that only Terraform can tell apart',
    (stack) => ({ keys: [new BucketAccessKey(stack, 'key', { bucketName: 'uploads', secret, count: 2 })] }),
    /stack\/key in keys stands for several access keys .*"\$\{lightsail_bucket_access_key\.key_\w+\[0\]\.access_key_id\}"/,
  ],
])('%s is refused', (_, fill, message) => {
  expect(synthesis(fill)).toThrow(message);
});

test('a key that is left out is found by the bucket that both refer to', () => {
  const failing = synthesis((stack) => {
    new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
    const bucket = new LightsailBucket(stack, 'bucket', { name: 'uploads', bundleId: 'small_1_0' });
    keyOn(stack, bucket.name);
    return { bucketName: bucket.name };
  });
  expect(failing).toThrow(/stack\/key is an access key of the audited bucket and is not in keys/);
});

test.each<[string, Fill]>([
  ['keys on other buckets', (stack) => (keyOn(stack, 'archive'), {})],
  [
    'a key of the same bucket name under another provider',
    (stack) => {
      const provider = new LightsailProvider(stack, 'other', { alias: 'other', region: 'us-west-2' });
      new BucketAccessKey(stack, 'key', { bucketName: 'uploads', secret, provider });
      return {};
    },
  ],
  [
    'what only Terraform will know',
    (stack) => {
      const { stringValue } = new TerraformVariable(stack, 'value', { type: 'string' });
      return {
        bucketName: stringValue,
        keys: [stringValue, keyOn(stack, stringValue)],
        onUnmanagedKey: 'warn',
      };
    },
  ],
])('%s passes', (_, fill) => {
  expect(synthesis(fill)).not.toThrow();
});
