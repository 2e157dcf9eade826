import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Testing } from 'cdktf';
import {
  BucketAccessKey,
  DataLightsailBucketAccessKeys,
  LightsailBucketAccessKey,
  LightsailProvider,
  SecretDestination,
} from '../../../src/constructs/index.js';
import { only, stackWith, synthesize } from './stacks.js';

const synthesized = Testing.synth(
  stackWith((stack) => {
    const rotation = { afterDays: 90, keepers: { team: 'media' } };
    const secret = SecretDestination.ssmParameter({ name: '/ci/uploads', kmsKeyId: 'alias/ci' });
    new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret, rotation });
    new DataLightsailBucketAccessKeys(stack, 'keys', { bucketName: 'uploads' });
    new LightsailProvider(stack, 'lightsail', { region: 'eu-west-1' });
  }),
);

test("the framework's matchers know a key, a data source and a provider", () => {
  expect(Testing.toHaveResource(synthesized, LightsailBucketAccessKey.tfResourceType)).toBe(true);
  expect(
    Testing.toHaveResourceWithProperties(synthesized, LightsailBucketAccessKey.tfResourceType, {
      bucket_name: 'uploads',
      rotation: { after_days: 90 },
    }),
  ).toBe(true);
  expect(
    Testing.toHaveResourceWithProperties(synthesized, LightsailBucketAccessKey.tfResourceType, {
      bucket_name: 'other',
    }),
  ).toBe(false);
  expect(Testing.toHaveDataSource(synthesized, DataLightsailBucketAccessKeys.tfResourceType)).toBe(true);
  expect(Testing.toHaveProvider(synthesized, LightsailProvider.tfResourceType)).toBe(true);
});

test('they take its class, as those of other providers', () => {
  Testing.setupJest();
  const matching = expect(synthesized) as unknown as {
    toHaveResourceWithProperties: (type: { tfResourceType: string }, properties: object) => void;
    not: { toHaveResource: (type: { tfResourceType: string }) => void };
  };
  matching.toHaveResourceWithProperties(LightsailBucketAccessKey, { bucket_name: 'uploads' });
  expect(() => {
    matching.not.toHaveResource(LightsailBucketAccessKey);
  }).toThrow();
});

test('it is the resource behind a BucketAccessKey, and makes the same block by itself', () => {
  const { resource } = synthesize((stack) => {
    const key = new BucketAccessKey(stack, 'a', {
      bucketName: 'one',
      secret: SecretDestination.command({ write: ['store'], format: 'env' }),
      hooks: { afterCreate: { command: ['told'] } },
    });
    expect(key.resource).toBeInstanceOf(LightsailBucketAccessKey);
    new LightsailBucketAccessKey(stack, 'b', {
      bucketName: 'one',
      secret: { command: { write: ['store'], format: 'env' } },
      hooks: { afterCreate: { command: ['told'] } },
      lifecycle: { preventDestroy: true },
    });
  });
  const [first, second] = Object.values(resource.lightsail_bucket_access_key ?? {});
  expect(second).toEqual({ ...first, lifecycle: { prevent_destroy: true } });
});

test('the configuration of a key that exists can be generated', () => {
  const synthesizedImport = synthesize((stack) => {
    new LightsailProvider(stack, 'lightsail');
    LightsailBucketAccessKey.generateConfigForImport(stack, 'found', 'uploads,AKIAIOSFODNN7EXAMPLE');
  });
  expect(synthesizedImport.import).toEqual([
    { id: 'uploads,AKIAIOSFODNN7EXAMPLE', to: 'lightsail_bucket_access_key.found' },
  ]);
});

const secret = SecretDestination.terraformOutput();

test.each([undefined, null, '', 'my-uploads', 'my-uploads,', 'UPLOADS,AKIAIOSFODNN7EXAMPLE', 'a,b', 5, {}])(
  'nothing is imported from %p',
  (id) => {
    stackWith((stack) => {
      expect(() => LightsailBucketAccessKey.generateConfigForImport(stack, 'found', id as never)).toThrow(
        /^\[stack\/found\] importFromId is .*Give the bucket and the key ID with a comma/,
      );
      expect(stack.node.tryFindChild('found')).toBeUndefined();
      const { resource } = new BucketAccessKey(stack, 'key', { bucketName: 'uploads', secret });
      expect(() => {
        resource.importFrom(id as never);
      }).toThrow(/^\[stack\/key\/Resource\] id is .*such as my-uploads,AKIAIOSFODNN7EXAMPLE\.$/);
    });
  },
);

test.each([undefined, null, '', '  ', 5, {}, []])('nothing is moved from %p, or to it', (id) => {
  stackWith((stack) => {
    const { resource } = new BucketAccessKey(stack, 'key', { bucketName: 'uploads', secret });
    for (const move of [
      () => {
        resource.moveFromId(id as never);
      },
      () => {
        resource.moveToId(id as never);
      },
    ]) {
      expect(move).toThrow(
        /^\[stack\/key\/Resource\] id is .*such as lightsail_bucket_access_key\.uploads\.$/,
      );
    }
  });
});

test('an import takes a provider of Lightsail, and no other scope than a construct', () => {
  const id = 'uploads,AKIAIOSFODNN7EXAMPLE';
  const found = synthesize((stack) => {
    const aws = new AwsProvider(stack, 'aws');
    const lightsail = new LightsailProvider(stack, 'lightsail', { alias: 'west' });
    const generate = (...given: Parameters<typeof LightsailBucketAccessKey.generateConfigForImport>) =>
      LightsailBucketAccessKey.generateConfigForImport(...given);
    expect(() => generate(undefined as never, 'found', id)).toThrow(/^\[found\] scope is undefined/);
    expect(() => generate(stack, undefined as never, id)).toThrow(/^\[stack\] id is undefined/);
    expect(() => generate(stack, 'found', id, aws)).toThrow(
      /^\[stack\/found\] provider is .*Give a LightsailProvider/,
    );
    const { resource } = new BucketAccessKey(stack, 'key', {
      bucketName: 'uploads',
      secret,
      provider: lightsail,
    });
    expect(() => {
      resource.importFrom(id, aws);
    }).toThrow(/^\[stack\/key\/Resource\] provider is .*Give a LightsailProvider/);
    resource.importFrom('uploads,${var.id}', lightsail);
  });
  expect(found.import).toEqual([
    expect.objectContaining({ id: 'uploads,${var.id}', provider: 'lightsail.west' }),
  ]);
});

test('its ID, reference and times are references to it', () => {
  const { resource } = synthesize((stack) => {
    const key = new LightsailBucketAccessKey(stack, 'key', {
      bucketName: 'one',
      secret: { file: { path: 'a' } },
    });
    expect(key.accessKeyId).toContain('TOKEN');
    key.addOverride('bucket_name', key.rotationDueAt);
  });
  expect(only(resource.lightsail_bucket_access_key).bucket_name).toBe(
    '${(lightsail_bucket_access_key.key.rotation_due_at == null ? "" : lightsail_bucket_access_key.key.rotation_due_at)}',
  );
});
