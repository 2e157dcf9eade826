import fs from 'node:fs';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { BucketAccessKey, LightsailProvider, SecretDestination } from '../../../src/constructs/index.js';
import {
  placeProvider,
  PLATFORMS,
  providerPackage,
} from '../../../src/constructs/private/provider-package.js';
import { appIn, stackFolder, stackWith } from './stacks.js';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'placement-'));
});
afterEach(() => {
  rmSync(outdir, { recursive: true });
});

function addKey(stack: TerraformStack): void {
  new BucketAccessKey(stack, 'uploads', {
    bucketName: 'uploads',
    secret: SecretDestination.terraformOutput(),
  });
}

function pluginsOf(stackFolder: string): string {
  return join(stackFolder, 'terraform.d/plugins/npm.invalid/cdktf/lightsail');
}

describe('a synthesized stack', () => {
  test.each(PLATFORMS)('carries the provider for %s, ready to run', (platform) => {
    const stack = stackWith(addKey);
    const { version, files, launcher } = providerPackage();
    const folder = join(pluginsOf(stackFolder(Testing.fullSynth(stack), stack)), version, platform);
    expect(readdirSync(folder).sort()).toEqual([...files].sort());
    expect(statSync(join(folder, launcher)).mode & 0o777).toBe(0o755);
  });

  test('carries it once, the other platforms being relative links', () => {
    const stack = stackWith(addKey);
    const folder = join(pluginsOf(stackFolder(Testing.fullSynth(stack), stack)), providerPackage().version);
    const links = PLATFORMS.filter((platform) => lstatSync(join(folder, platform)).isSymbolicLink());
    expect(links).toHaveLength(PLATFORMS.length - 1);
  });

  test('has a lock file with the hash of the provider', () => {
    const stack = stackWith(addKey);
    const lockFile = readFileSync(
      join(stackFolder(Testing.fullSynth(stack), stack), '.terraform.lock.hcl'),
      'utf8',
    );
    expect(lockFile).toContain(providerPackage().h1);
  });

  test('loses the versions that an earlier synthesis placed', () => {
    const app = appIn(outdir);
    const stack = new TerraformStack(app, 'stack');
    addKey(stack);
    const plugins = pluginsOf(stackFolder(outdir, stack));
    placeProvider(join(plugins, '../../..'), { ...providerPackage(), version: '0.0.1' });
    expect(readdirSync(plugins)).toEqual(['0.0.1']);
    app.synth();
    expect(readdirSync(plugins)).toEqual([providerPackage().version]);
  });
});

describe('the file that stays when the last key has left the stack', () => {
  function keptProvider(fill: (stack: TerraformStack) => void): unknown {
    const stack = stackWith((filled) => {
      addKey(filled);
      fill(filled);
    });
    const path = join(stackFolder(Testing.fullSynth(stack), stack), 'lightsail-provider_override.tf.json');
    return (JSON.parse(readFileSync(path, 'utf8')) as { provider?: unknown }).provider;
  }

  test('keeps the Region and the endpoints that come from the AwsProvider', () => {
    const kept = keptProvider((stack) => {
      new AwsProvider(stack, 'aws', { region: 'eu-west-1', endpoints: [{ s3: 'http://127.0.0.1:1' }] });
    });
    expect(kept).toEqual({ lightsail: { region: 'eu-west-1', endpoints: { s3: 'http://127.0.0.1:1' } } });
  });

  test('keeps those of a LightsailProvider without an alias, and none of its credentials', () => {
    const kept = keptProvider((stack) => {
      new LightsailProvider(stack, 'other', { alias: 'other', region: 'eu-west-2' });
      new LightsailProvider(stack, 'lightsail', {
        region: 'eu-west-1',
        endpoints: { lightsail: 'http://127.0.0.1:1' },
        profile: 'people',
        accessKey: 'AKIAEMULATORTESTONLY',
        secretKey: Fn.file('secret'),
        assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/keys' },
      });
    });
    expect(kept).toEqual({
      lightsail: { region: 'eu-west-1', endpoints: { lightsail: 'http://127.0.0.1:1' } },
    });
  });

  test('keeps no expression, which may name what has left the stack as well', () => {
    const kept = keptProvider((stack) => {
      const region = new TerraformVariable(stack, 'region', { type: 'string' });
      new LightsailProvider(stack, 'lightsail', {
        region: region.stringValue,
        endpoints: { lightsail: 'http://127.0.0.1:1', s3: '${var.s3}' },
      });
    });
    expect(kept).toBeUndefined();
  });

  test('keeps no URL with a password', () => {
    const kept = keptProvider((stack) => {
      new LightsailProvider(stack, 'lightsail', { endpoints: { s3: 'http://me:secret@127.0.0.1:1' } });
    });
    expect(kept).toBeUndefined();
  });
});

test('every stack that uses the provider gets it, and no other', () => {
  const app = appIn(outdir);
  const [one, two, three] = ['one', 'two', 'three'].map((id) => new TerraformStack(app, id)) as [
    TerraformStack,
    TerraformStack,
    TerraformStack,
  ];
  addKey(one);
  new LightsailProvider(two, 'lightsail');
  app.synth();
  expect(existsSync(pluginsOf(stackFolder(outdir, one)))).toBe(true);
  expect(existsSync(pluginsOf(stackFolder(outdir, two)))).toBe(true);
  expect(existsSync(pluginsOf(stackFolder(outdir, three)))).toBe(false);
});

test('where links cannot be made, every platform gets a copy', () => {
  const symlink = jest.spyOn(fs, 'symlinkSync').mockImplementation(() => {
    throw new Error('EPERM');
  });
  const folder = placeProvider(outdir, providerPackage());
  symlink.mockRestore();
  for (const platform of PLATFORMS) {
    expect(lstatSync(join(folder, platform)).isDirectory()).toBe(true);
    expect(statSync(join(folder, platform, providerPackage().launcher)).mode & 0o777).toBe(0o755);
  }
});

describe('placing the provider again', () => {
  test('leaves a complete one alone, since Terraform may be running it', () => {
    const folder = placeProvider(outdir, providerPackage());
    const before = statSync(folder).ino;
    placeProvider(outdir, providerPackage());
    expect(statSync(folder).ino).toBe(before);
  });

  test.each([
    [
      'a file is gone',
      (folder: string) => {
        rmSync(join(folder, 'linux_amd64/provider.cjs'));
      },
    ],
    [
      'a file has changed',
      (folder: string) => {
        writeFileSync(join(folder, 'linux_amd64/provider.cjs'), '');
      },
    ],
    [
      'there is a file too many',
      (folder: string) => {
        writeFileSync(join(folder, 'linux_amd64/more'), '');
      },
    ],
    [
      'a platform is gone',
      (folder: string) => {
        rmSync(join(folder, 'darwin_arm64'));
      },
    ],
    [
      'the run bit is gone',
      (folder: string) => {
        chmodSync(join(folder, 'linux_amd64', providerPackage().launcher), 0o644);
      },
    ],
  ])('repairs it when %s', (_, damage) => {
    const folder = placeProvider(outdir, providerPackage());
    damage(folder);
    placeProvider(outdir, providerPackage());
    for (const platform of PLATFORMS) {
      expect(readdirSync(join(folder, platform)).sort()).toEqual([...providerPackage().files].sort());
      expect(readFileSync(join(folder, platform, 'provider.cjs')).length).toBeGreaterThan(0);
      expect(statSync(join(folder, platform, providerPackage().launcher)).mode & 0o111).toBe(0o111);
    }
  });
});
