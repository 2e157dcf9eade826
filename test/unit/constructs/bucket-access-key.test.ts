import { TerraformOutput, Testing, Token } from 'cdktf';
import {
  BucketAccessKey,
  type BucketAccessKeyProps,
  SecretDestination,
} from '../../../src/constructs/index.js';
import { only, stackWith, synthesize } from './stacks.js';

const secret = SecretDestination.file({ path: 'key.json' });

function keyBlock(props: Partial<BucketAccessKeyProps> = {}) {
  const { resource } = synthesize((stack) => {
    new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret, ...props });
  });
  return only(resource.lightsail_bucket_access_key);
}

test('a key becomes one resource that names its bucket and its destination', () => {
  expect(keyBlock()).toEqual({ bucket_name: 'uploads', secret: { file: { path: 'key.json' } } });
});

test('every argument reaches Terraform under its name', () => {
  expect(keyBlock({ exclusive: true, verify: false, verifyTimeoutSeconds: 90 })).toMatchObject({
    exclusive: true,
    verify: false,
    verify_timeout_seconds: 90,
  });
});

test('rotation and hooks reach Terraform under their names', () => {
  const block = keyBlock({
    rotation: { afterDays: 90, overlapHours: 0, keepers: { team: 'media' }, onStillUsed: 'retire' },
    hooks: {
      afterCreate: { command: ['./told.sh', '--now'], onFailure: 'continue', timeoutSeconds: 120 },
      beforeDelete: { command: ['./going.sh'] },
    },
  });
  expect(block).toMatchObject({
    rotation: { after_days: 90, overlap_hours: 0, keepers: { team: 'media' }, on_still_used: 'retire' },
    hooks: {
      after_create: { command: ['./told.sh', '--now'], on_failure: 'continue', timeout_seconds: 120 },
      before_delete: { command: ['./going.sh'] },
    },
  });
});

test('the arguments of every Terraform resource are passed on', () => {
  const block = keyBlock({ lifecycle: { createBeforeDestroy: true, preventDestroy: true }, count: 2 });
  expect(block).toMatchObject({
    count: 2,
    lifecycle: { create_before_destroy: true, prevent_destroy: true },
  });
});

test('a key may depend on another key', () => {
  const { resource } = synthesize((stack) => {
    const first = new BucketAccessKey(stack, 'first', { bucketName: 'one', secret });
    const elsewhere = SecretDestination.file({ path: 'other.json' });
    new BucketAccessKey(stack, 'second', { bucketName: 'two', secret: elsewhere, dependsOn: [first] });
  });
  const second = Object.entries(resource.lightsail_bucket_access_key ?? {}).find(([name]) =>
    name.includes('second'),
  );
  expect(second?.[1].depends_on).toEqual([expect.stringMatching(/^lightsail_bucket_access_key\.first_/)]);
});

test('the child that is the Terraform resource is called Resource', () => {
  stackWith((stack) => {
    const key = new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
    expect(key.node.findChild('Resource')).toBe(key.resource);
  });
});

test('what Terraform knows after apply is a reference to the resource, and an empty string where that is null', () => {
  const { output } = synthesize((stack) => {
    const key = new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
    new TerraformOutput(stack, 'id', { value: key.accessKeyId });
    new TerraformOutput(stack, 'status', { value: key.status });
    new TerraformOutput(stack, 'created', { value: key.createdAt });
    new TerraformOutput(stack, 'where', { value: key.secretReference });
    new TerraformOutput(stack, 'previous', { value: key.previousAccessKeyId });
    new TerraformOutput(stack, 'retired', { value: key.retirePreviousAfter });
    new TerraformOutput(stack, 'due', { value: key.rotationDueAt });
  });
  const address = (name: string) => `lightsail_bucket_access_key\\.uploads_[^.]+\\.${name}`;
  const matching = (expression: string) =>
    expect.stringMatching(new RegExp(`^\\$\\{${expression}\\}$`)) as string;
  const orEmpty = (name: string) => matching(`\\(${address(name)} == null \\? "" : ${address(name)}\\)`);
  expect(output).toEqual({
    id: { value: matching(address('access_key_id')) },
    status: { value: orEmpty('status') },
    created: { value: orEmpty('created_at') },
    where: { value: orEmpty('secret_reference') },
    previous: { value: orEmpty('previous_access_key_id') },
    retired: { value: orEmpty('retire_previous_after') },
    due: { value: orEmpty('rotation_due_at') },
  });
});

test('the secret is a token when it goes to the output', () => {
  stackWith((stack) => {
    const key = new BucketAccessKey(stack, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.terraformOutput(),
    });
    expect(Token.isUnresolved(key.secretAccessKey)).toBe(true);
  });
});

test('asking for the secret that goes elsewhere throws, naming the key and what to do instead', () => {
  stackWith((stack) => {
    const key = new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
    expect(() => key.secretAccessKey).toThrow(
      /\[stack\/uploads\].*\(file\).*secretReference.*terraformOutput\(\)/,
    );
  });
});

test('an existing key is imported by bucket and ID', () => {
  const { import: imports } = synthesize((stack) => {
    const key = new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
    key.resource.importFrom('uploads,AKIAIOSFODNN7EXAMPLE');
  });
  expect(imports).toEqual([
    {
      id: 'uploads,AKIAIOSFODNN7EXAMPLE',
      to: expect.stringMatching(/^lightsail_bucket_access_key\.uploads_/) as string,
    },
  ]);
});

test.each([
  ['aws_lightsail_bucket_access_key.uploads-key', 'uploads-key'],
  ['uploads-key', 'uploads-key'],
  ['aws_lightsail_bucket_access_key.keys["a"]', 'keys["a"]'],
  ['keys[0]', 'keys[0]'],
])("the AWS provider's resource %s moves here", (address, name) => {
  const { moved } = synthesize((stack) => {
    const key = new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
    key.moveFromAwsProvider(address);
  });
  expect(moved).toEqual([
    {
      from: `aws_lightsail_bucket_access_key.${name}`,
      to: expect.stringMatching(/^lightsail_bucket_access_key\.uploads_/) as string,
    },
  ]);
});

test.each([
  'aws_s3_bucket.uploads',
  'module.a.aws_lightsail_bucket_access_key.x',
  'uploads,AKIAEXAMPLE',
  '${x.y}',
])('what is at %j does not move here', (address) => {
  stackWith((stack) => {
    const key = new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
    expect(() => {
      key.moveFromAwsProvider(address);
    }).toThrow(/\[stack\/uploads\].*terraform state list.*importFrom/);
  });
});

test('HCL synthesis gives the same arguments', () => {
  const hcl = String(
    Testing.synthHcl(
      stackWith((stack) => {
        new BucketAccessKey(stack, 'uploads', {
          bucketName: 'uploads',
          secret,
          verify: false,
          verifyTimeoutSeconds: 90,
          rotation: { afterDays: 90, keepers: { team: 'media' } },
          hooks: { afterCreate: { command: ['./told.sh', '--now'], timeoutSeconds: 30 } },
        });
      }),
    ),
  );
  expect(hcl).toMatch(/secret \{\s*file \{\s*path = "key.json"\s*\}\s*\}/);
  expect(hcl).toContain('bucket_name = "uploads"');
  expect(hcl).toContain('verify = false');
  expect(hcl).toContain('verify_timeout_seconds = 90');
  expect(hcl).toMatch(/rotation \{\s*after_days = 90\s*keepers = \{\s*team = "media"\s*\}\s*\}/);
  expect(hcl).toMatch(
    /after_create \{\s*command = \[\s*"\.\/told\.sh",\s*"--now",?\s*\]\s*timeout_seconds = 30/,
  );
});
