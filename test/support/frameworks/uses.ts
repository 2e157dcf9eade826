/** What a stack may do with the constructs: every type that one of them has in common with its framework's own. */
export const crossTypeUses = (framework: string, entry: string) => `
import {
  App,
  type ITerraformDependable,
  TerraformCount,
  TerraformIterator,
  TerraformOutput,
  TerraformProvider,
  TerraformResource,
  TerraformDataSource,
  TerraformStack,
  TerraformVariable,
} from '${framework}';
import {
  BucketAccessKey,
  type BucketAccessKeyProps,
  BucketAccessKeyAudit,
  DataLightsailBucketAccessKeys,
  LightsailProvider,
  SecretDestination,
} from '${entry}';

const app = new App();
const stack: TerraformStack = new TerraformStack(app, 'stack');
const bucket = new TerraformResource(stack, 'bucket', { terraformResourceType: 'aws_lightsail_bucket' });
const provider: TerraformProvider = new LightsailProvider(stack, 'west', { alias: 'west', region: 'us-west-2' });
const props: BucketAccessKeyProps = {
  bucketName: bucket.getStringAttribute('name'),
  secret: SecretDestination.ssmParameter({ name: '/ci/uploads' }),
  provider,
  dependsOn: [bucket],
  lifecycle: { preventDestroy: true, precondition: [{ condition: true, errorMessage: 'never' }] },
};
const key = new BucketAccessKey(stack, 'key', props);
const counted = new BucketAccessKey(stack, 'counted', {
  ...props,
  count: TerraformCount.of(new TerraformVariable(stack, 'n', { type: 'number' }).numberValue),
});
const each = TerraformIterator.fromList(['one', 'two']);
const many = new BucketAccessKey(stack, 'many', { ...props, bucketName: each.value, forEach: each });
const shown = new BucketAccessKey(stack, 'shown', { ...props, secret: SecretDestination.terraformOutput() });
const output: TerraformOutput = shown.secretOutput('secret');
const resource: TerraformResource = key.resource;
// @ts-expect-error A type that is lost would take anything.
SecretDestination.file({ path: 1 });
resource.importFrom('uploads,AKIAIOSFODNN7EXAMPLE');
const audit = new BucketAccessKeyAudit(stack, 'audit', { bucketName: 'uploads', keys: [key], dependsOn: [counted, many] });
const data: TerraformDataSource = new DataLightsailBucketAccessKeys(stack, 'keys', { bucketName: 'uploads', dependsOn: [key] });
const dependables: ITerraformDependable[] = [key, audit, audit.resource, data, provider as never];
new TerraformResource(stack, 'user', { terraformResourceType: 'terraform_data', dependsOn: dependables.slice(0, 4) });
new TerraformOutput(stack, 'id', { value: key.accessKeyId, dependsOn: [key], description: output.friendlyUniqueId });
`;
