import { Emulator } from '../../../src/emulator/index.js';
import { Terraform } from '../terraform.js';
import { awsProviderBlock } from '../aws-provider-block.js';

export interface AwsDamage {
  readonly what: string;
  readonly damage: (of: {
    readonly emulator: Emulator;
    readonly bucket: string;
    readonly id: string;
  }) => Promise<void> | void;
}

interface ShownPlan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** The same damage to keys of hashicorp/aws: a bucket and a key for each, one apply, one plan. */
export const AwsKeys = {
  async planAfter(damages: readonly AwsDamage[]): Promise<ReadonlyMap<string, string>> {
    const emulator = await Emulator.start();
    const terraform = await Terraform.create({ env: emulator.env, awsProvider: true });
    const gone: AwsDamage = {
      what: 'bucket deleted',
      damage: ({ emulator: at, bucket }) => {
        at.deleteBucket(bucket);
      },
    };
    const all = [...damages, gone].map((each, index) => ({ ...each, bucket: `bucket-${index}` }));
    try {
      for (const { bucket } of all) emulator.createBucket(bucket);
      await terraform.write('main.tf', configuration(emulator, all));
      await terraform.succeeds('init');
      await terraform.succeeds('apply', '-auto-approve');
      for (const { bucket, damage } of all) {
        await damage({ emulator, bucket, id: emulator.keys(bucket)[0]?.accessKeyId ?? '' });
      }
      await terraform.succeeds('plan', '-out', 'saved');
      const { stdout } = await terraform.succeeds('show', '-json', 'saved');
      const { resource_changes: changes = [] } = JSON.parse(stdout) as ShownPlan;
      return new Map(
        all.map(({ what, bucket }) => {
          const found = changes.find(
            ({ address }) => address === `aws_lightsail_bucket_access_key.${bucket}`,
          );
          return [what, actions(found?.change.actions ?? ['no-op'])];
        }),
      );
    } finally {
      await terraform.cleanup();
      await emulator.close();
    }
  },
};

function actions(planned: readonly string[]): string {
  return planned.join() === 'no-op' ? '“No changes”' : `plans to ${planned.join(' and ')}`;
}

function configuration(emulator: Emulator, all: readonly { readonly bucket: string }[]): string {
  const keys = all.map(
    ({ bucket }) => `resource "aws_lightsail_bucket_access_key" "${bucket}" {
  bucket_name = "${bucket}"
}`,
  );
  return `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
${awsProviderBlock(emulator.region, { lightsail: emulator.url })}
${keys.join('\n')}
`;
}
