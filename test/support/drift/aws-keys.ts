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

/** A line of `plan -json`. */
interface Told {
  readonly type: string;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
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
      // Says so by itself: `show` of a saved plan would load the schema of hashicorp/aws again, for eight seconds.
      const { stdout } = await terraform.succeeds('plan', '-json');
      const told = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Told]));
      const changes = told.flatMap(({ type, change }) =>
        type === 'planned_change' && change ? [change] : [],
      );
      return new Map(
        all.map(({ what, bucket }) => {
          const address = `aws_lightsail_bucket_access_key.${bucket}`;
          const action = changes.find(({ resource }) => resource.addr === address)?.action;
          return [what, action === undefined ? '“No changes”' : `plans to ${action}`];
        }),
      );
    } finally {
      await terraform.cleanup();
      await emulator.close();
    }
  },
};

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
