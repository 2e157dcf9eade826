import {
  DefaultTokenResolver,
  StringConcat,
  TerraformOutput,
  type TerraformResource,
  TerraformStack,
  Tokenization,
} from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Problems } from './rules.js';

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

/** Outputs of the stack that have the name of one of a key's own: of two with one name, Terraform is given one. */
export function checkOutputNames(key: IConstruct): Problems {
  const outputs = TerraformStack.of(key)
    .node.findAll()
    .filter((node) => TerraformOutput.isTerraformOutput(node));
  const isOwn = (output: TerraformOutput) => output.node.scope === key;
  return outputs
    .filter((output) => !isOwn(output))
    .filter((output) => outputs.some((own) => isOwn(own) && own.friendlyUniqueId === output.friendlyUniqueId))
    .map(
      (output) =>
        `secretOutput("${output.friendlyUniqueId}") and the output ${output.node.path} have one name, so one of them would ` +
        `be lost. The access key is not touched. Give one of them another name.`,
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
