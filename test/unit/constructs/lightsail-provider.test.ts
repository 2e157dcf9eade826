import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Lazy, TerraformIterator, type TerraformStack, TerraformVariable, Testing } from 'cdktf';
import {
  BucketAccessKey,
  DataLightsailBucketAccessKeys,
  LightsailProvider,
  SecretDestination,
} from '../../../src/constructs/index.js';
import { providerPackage } from '../../../src/constructs/private/provider-package.js';
import { stackWith, synthesize } from './stacks.js';

const secret = SecretDestination.terraformOutput();

function addKey(stack: TerraformStack, id = 'uploads', provider?: LightsailProvider): void {
  new BucketAccessKey(stack, id, { bucketName: 'uploads', secret, ...(provider && { provider }) });
}

describe('a stack that declares no provider', () => {
  test('gets one, at the exact version of this package', () => {
    const { provider, terraform } = synthesize(addKey);
    expect(provider.lightsail).toEqual([{}]);
    expect(terraform.required_providers.lightsail).toEqual({
      source: 'npm.invalid/cdktf/lightsail',
      version: providerPackage().version,
    });
  });

  test('gets just one, however many keys and data sources it has', () => {
    const { provider } = synthesize((stack) => {
      addKey(stack, 'one');
      addKey(stack, 'two');
      new DataLightsailBucketAccessKeys(stack, 'keys', { bucketName: 'uploads' });
    });
    expect(provider.lightsail).toHaveLength(1);
  });

  test('gets one for a data source alone', () => {
    const { provider } = synthesize((stack) => {
      new DataLightsailBucketAccessKeys(stack, 'keys', { bucketName: 'uploads' });
    });
    expect(provider.lightsail).toHaveLength(1);
  });

  test('keeps the one it got when it is synthesized again', () => {
    const stack = stackWith(addKey);
    expect(Testing.synth(stack, true)).toBe(Testing.synth(stack, true));
  });

  test('gets the Region and the known endpoints of its AWS provider, declared before or after the key', () => {
    const { provider } = synthesize((stack) => {
      addKey(stack);
      new AwsProvider(stack, 'aws', {
        region: 'eu-central-1',
        profile: 'people',
        endpoints: [
          { lightsail: 'http://127.0.0.1:1', ec2: 'http://127.0.0.1:2' },
          { s3: 'http://127.0.0.1:3' },
        ],
      });
    });
    expect(provider.lightsail).toEqual([
      { region: 'eu-central-1', endpoints: { lightsail: 'http://127.0.0.1:1', s3: 'http://127.0.0.1:3' } },
    ]);
  });

  test('gets a Region that is a token, or that was set by an override', () => {
    const { provider } = synthesize((stack) => {
      const region = new TerraformVariable(stack, 'region', { type: 'string' });
      const aws = new AwsProvider(stack, 'aws', { region: region.stringValue });
      aws.addOverride('endpoints', [{ sts: 'http://127.0.0.1:4' }]);
      addKey(stack);
    });
    expect(provider.lightsail).toEqual([
      { region: '${var.region}', endpoints: { sts: 'http://127.0.0.1:4' } },
    ]);
  });

  test('follows the AWS provider without an alias, and one with an alias only when it is alone', () => {
    const regions = (...providers: { region: string; alias?: string }[]) =>
      synthesize((stack) => {
        for (const [index, config] of providers.entries()) new AwsProvider(stack, `aws${index}`, config);
        addKey(stack);
      }).provider.lightsail;
    expect(regions({ region: 'eu-west-1', alias: 'other' }, { region: 'us-east-1' })).toEqual([
      { region: 'us-east-1' },
    ]);
    expect(regions({ region: 'eu-west-1', alias: 'only' })).toEqual([{ region: 'eu-west-1' }]);
    expect(regions({ region: 'eu-west-1', alias: 'a' }, { region: 'us-east-1', alias: 'b' })).toEqual([{}]);
  });

  test.each([
    ['computed', () => Lazy.anyValue({ produce: () => [] })],
    [
      'made by an iterator',
      () => TerraformIterator.fromList(['a']).dynamic({ lightsail: 'http://127.0.0.1:1' }),
    ],
  ])('fails the synthesis when the endpoints of its AWS provider are %s', (_, endpoints) => {
    const stack = stackWith((scope) => {
      new AwsProvider(scope, 'aws', { region: 'us-east-1', endpoints: endpoints() });
      addKey(scope);
    });
    expect(() => Testing.fullSynth(stack)).toThrow(/endpoints of the AWS provider stack\/aws are a token/);
  });
});

describe('a stack that declares its provider', () => {
  test('keeps that one alone, declared before or after the key', () => {
    const { provider } = synthesize((stack) => {
      addKey(stack);
      new LightsailProvider(stack, 'lightsail', { region: 'us-west-2' });
      new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
    });
    expect(provider.lightsail).toEqual([{ region: 'us-west-2' }]);
  });

  test('gets no other when every key names the one with an alias', () => {
    const { provider, resource } = synthesize((stack) => {
      addKey(stack, 'uploads', new LightsailProvider(stack, 'lightsail', { alias: 'west' }));
    });
    expect(provider.lightsail).toEqual([{ alias: 'west' }]);
    expect(Object.values(resource.lightsail_bucket_access_key ?? {})[0]?.provider).toBe('lightsail.west');
  });

  test('gets another when a key names none and there are only those with an alias', () => {
    const { provider } = synthesize((stack) => {
      new LightsailProvider(stack, 'lightsail', { alias: 'west' });
      addKey(stack);
    });
    expect(provider.lightsail).toEqual([{ alias: 'west' }, {}]);
  });

  test('has every argument under the name that the AWS provider gives it', () => {
    const { provider } = synthesize((stack) => {
      new LightsailProvider(stack, 'lightsail', {
        region: 'us-west-2',
        profile: 'keys',
        accessKey: 'AKIAIOSFODNN7EXAMPLE',
        secretKey: 'secret',
        token: 'token',
        sharedConfigFiles: ['config'],
        sharedCredentialsFiles: ['credentials'],
        assumeRole: {
          roleArn: 'arn:aws:iam::123456789012:role/r',
          sessionName: 'session',
          externalId: 'external',
          duration: '15m',
          policy: '{}',
          policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
          sourceIdentity: 'runner',
          tags: { team: 'media' },
          transitiveTagKeys: ['team'],
        },
        endpoints: { lightsail: 'http://127.0.0.1:1', vault: 'https://vault.example' },
        maxAttempts: 3,
      });
    });
    expect(provider.lightsail).toEqual([
      {
        region: 'us-west-2',
        profile: 'keys',
        access_key: 'AKIAIOSFODNN7EXAMPLE',
        secret_key: 'secret',
        token: 'token',
        shared_config_files: ['config'],
        shared_credentials_files: ['credentials'],
        assume_role: {
          role_arn: 'arn:aws:iam::123456789012:role/r',
          session_name: 'session',
          external_id: 'external',
          duration: '15m',
          policy: '{}',
          policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
          source_identity: 'runner',
          tags: { team: 'media' },
          transitive_tag_keys: ['team'],
        },
        endpoints: { lightsail: 'http://127.0.0.1:1', vault: 'https://vault.example' },
        max_attempts: 3,
      },
    ]);
  });

  test('has quotes in HCL that stand beside an expression, or in a name, written as such', () => {
    const policy = JSON.stringify({ Resource: 'arn:aws:s3:::b/$${aws:username}/*' });
    const role = {
      roleArn: 'arn:aws:iam::123456789012:role/r',
      policy,
      tags: { 'a"b': 'say "${var.x["y"]}"' },
    };
    const hcl = String(
      Testing.synthHcl(
        stackWith((stack) => {
          new LightsailProvider(stack, 'lightsail', { assumeRole: role });
        }),
      ),
    );
    expect(hcl).toContain('policy = "{\\"Resource\\":\\"arn:aws:s3:::b/$${aws:username}/*\\"}"');
    expect(hcl).toContain('"a\\"b" = "say \\"${var.x["y"]}\\""');
  });

  test('has the same arguments in HCL', () => {
    const hcl = String(
      Testing.synthHcl(
        stackWith((stack) => {
          new LightsailProvider(stack, 'lightsail', {
            region: 'us-west-2',
            sharedConfigFiles: ['one', 'two'],
            endpoints: { lightsail: 'http://127.0.0.1:1' },
            maxAttempts: 3,
          });
        }),
      ),
    );
    expect(hcl).toMatch(/shared_config_files = \[\s*"one",\s*"two"\s*\]/);
    expect(hcl).toMatch(/endpoints \{\s*lightsail = "http:\/\/127.0.0.1:1"\s*\}/);
    expect(hcl).toContain('max_attempts = 3');
  });
});
