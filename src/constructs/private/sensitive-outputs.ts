import {
  DefaultTokenResolver,
  StringConcat,
  TerraformOutput,
  type TerraformResource,
  TerraformStack,
  Tokenization,
} from 'cdktf';
import type { Problems } from './validation.js';

/** Outputs of a key's stack that would show its secret: Terraform too refuses them, but only when the stack is planned. */
export function checkSensitiveOutputs(resource: TerraformResource): Problems {
  const address = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
  // With `count` or `for_each` there is an index or a splat in between.
  const secret = new RegExp(`\\b${address}(\\[[^\\]]*\\]|\\.\\*)?\\.secret_access_key\\b`);
  return TerraformStack.of(resource)
    .node.findAll()
    .filter((node) => TerraformOutput.isTerraformOutput(node))
    .filter((output) => {
      const { value, sensitive } = synthesized(output);
      return sensitive !== true && secret.test(value);
    })
    .map(
      (output) =>
        `The output ${output.node.path} shows the secret of the access key in clear. Make it with secretOutput(), or ` +
        `set sensitive: true; for a consumer elsewhere choose a destination outside of Terraform's state.`,
    );
}

/** As it will stand in the stack, overrides included. */
function synthesized(output: TerraformOutput): { value: string; sensitive: unknown } {
  const { output: blocks } = output.toTerraform() as { output: Record<string, Record<string, unknown>> };
  const { value, sensitive } = blocks[output.friendlyUniqueId] ?? {};
  const resolver = new DefaultTokenResolver(new StringConcat());
  const resolved: unknown = Tokenization.resolve(value, { scope: output, resolver, preparing: false });
  return { value: JSON.stringify([resolved]), sensitive };
}
