import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as cdktf from 'cdktf';
import * as forCdktf from 'cdktf-lightsail-access-key';
import * as forCdktn from 'cdktf-lightsail-access-key/cdktn';
import * as cdktn from 'cdktn';
import type { Construct } from 'constructs';
import { Emulator } from '../../../src/emulator/index.js';
import { outputFolder } from '../../support/synthesis.js';
import { Terraform } from '../../support/terraform.js';

/** A construct library in whichever stack: what the types refuse, JavaScript does not. */
type Library = Pick<typeof forCdktf, Extract<keyof typeof forCdktf, keyof typeof forCdktn>>;
type Make = (library: Library, stack: Construct) => unknown;

const frameworks = [
  {
    name: 'CDKTF',
    own: forCdktf,
    entry: 'cdktf-lightsail-access-key',
    stack: () => new cdktf.TerraformStack(cdktf.Testing.app(), 'stack'),
  },
  {
    name: 'CDK Terrain',
    own: forCdktn as unknown as Library,
    entry: 'cdktf-lightsail-access-key/cdktn',
    stack: () => new cdktn.TerraformStack(cdktn.Testing.app(), 'stack'),
  },
] as const;

const makers: Readonly<Record<string, Make>> = {
  BucketAccessKey: ({ BucketAccessKey, SecretDestination }, stack) =>
    new BucketAccessKey(stack, 'made', {
      bucketName: 'uploads',
      secret: SecretDestination.file({ path: 'key.json' }),
    }),
  BucketAccessKeyAudit: ({ BucketAccessKeyAudit }, stack) =>
    new BucketAccessKeyAudit(stack, 'made', { bucketName: 'uploads', keys: ['AKIAIOSFODNN7EXAMPLE'] }),
  DataLightsailBucketAccessKeys: ({ DataLightsailBucketAccessKeys }, stack) =>
    new DataLightsailBucketAccessKeys(stack, 'made', { bucketName: 'uploads' }),
  LightsailProvider: ({ LightsailProvider }, stack) => new LightsailProvider(stack, 'made'),
};

const [CDKTF, TERRAIN] = frameworks;

describe.each([
  { construct: CDKTF, home: TERRAIN },
  { construct: TERRAIN, home: CDKTF },
])('in a stack of $home.name a construct for $construct.name', ({ construct, home }) => {
  test.each(Object.entries(makers))('is refused by its path, with the entry to import: %s', (_, make) => {
    const stack = home.stack();
    expect(() => make(construct.own, stack)).toThrow(
      `[stack/made] This construct is for ${construct.name}, and its stack is one of ${home.name}, which cannot ` +
        `synthesize it: no access key would be managed. Import it from "${home.entry}".`,
    );
  });
});

test('an ephemeral pair in a stack of CDKTF is refused by its path', () => {
  const key = makers.BucketAccessKey?.(forCdktn as unknown as Library, TERRAIN.stack());
  const stack = CDKTF.stack();
  expect(
    () =>
      new forCdktn.EphemeralLightsailBucketAccessKeySecret(stack, 'pair', {
        key: key as forCdktn.BucketAccessKey,
      }),
  ).toThrow('[stack/pair] This construct is for CDK Terrain');
});

test("a class of the author's own is of its framework", () => {
  class Uploads extends cdktn.TerraformStack {}
  const stack = () => new Uploads(cdktn.Testing.app(), 'stack');
  for (const make of Object.values(makers)) {
    expect(() => make(CDKTF.own, stack())).toThrow('[stack/made] This construct is for CDKTF');
    expect(() => make(TERRAIN.own, stack())).not.toThrow();
  }
});

test('both entries export the same, and that of CDK Terrain an ephemeral resource too', () => {
  const more = Object.keys(forCdktn).filter((name) => !(name in forCdktf));
  expect(more).toEqual(['EphemeralLightsailBucketAccessKeySecret']);
  expect(Object.keys(forCdktf).filter((name) => !(name in forCdktn))).toEqual([]);
});

describe('a stack that moves from CDKTF to CDK Terrain', () => {
  let outdir: string;
  beforeEach(async () => {
    outdir = await outputFolder();
  });
  afterEach(() => {
    rmSync(outdir, { recursive: true });
  });

  /** The same stack under either framework; answers its folder. */
  function synthesized({ own }: { readonly own: Library }): string {
    const { App, LocalBackend, TerraformStack, TerraformOutput } =
      (own as unknown) === forCdktf ? cdktf : cdktn;
    const app = new App({ outdir, stackTraces: false });
    const stack = new TerraformStack(app, 'stack');
    new LocalBackend(stack, { path: join(outdir, 'terraform.tfstate') });
    const key = new own.BucketAccessKey(stack, 'uploads', {
      bucketName: 'uploads',
      secret: own.SecretDestination.file({ path: 'key.json' }),
      rotation: { afterDays: 90 },
    });
    new own.BucketAccessKeyAudit(stack, 'audit', { bucketName: 'uploads', keys: [key] });
    new TerraformOutput(stack, 'id', { value: key.accessKeyId });
    app.synth();
    return join(outdir, 'stacks/stack');
  }

  test('synthesizes to the same, but for the version of the framework', () => {
    const written = frameworks.map((framework) => {
      const { '//': about, ...stack } = JSON.parse(
        readFileSync(join(synthesized(framework), 'cdk.tf.json'), 'utf8'),
      ) as Record<string, unknown>;
      return { stack, about: JSON.stringify(about).replace(/"version":"[^"]*"/, '') };
    });
    expect(written[1]).toEqual(written[0]);
  });

  test('with a living key plans no change', async () => {
    const emulator = await Emulator.start({ buckets: ['uploads'] });
    const terraform = await Terraform.create({ folder: synthesized(CDKTF), env: emulator.env });
    try {
      await terraform.succeeds('init');
      await terraform.succeeds('apply', '-auto-approve');
      const before = emulator.keys('uploads');
      synthesized(TERRAIN);
      await terraform.succeeds('init');
      expect(await terraform.plan('-detailed-exitcode')).toMatchObject({ code: 0 });
      await terraform.succeeds('apply', '-auto-approve');
      expect(emulator.keys('uploads')).toMatchObject(before.map(({ accessKeyId }) => ({ accessKeyId })));
    } finally {
      await Promise.all([terraform.cleanup(), emulator.close()]);
    }
  });
});
