import { Fn, type TerraformProvider, TerraformStack } from 'cdktn';
import type { Construct } from 'constructs';
import type { BucketAccessKey } from '../constructs/bucket-access-key.js';
import type { Arguments } from '../constructs/private/arguments.js';
import { orNull } from '../constructs/private/lightsail-resource.js';
import type { Problems } from '../constructs/private/rules.js';

/** The `secret` with which the pair of a key is read back. By the key's attribute, so that it is read after the key is made. */
export function whereThePairIs(scope: Construct, key: BucketAccessKey): Arguments {
  const { route, arguments: args } = key.destination;
  // Null where there is none yet, which the provider explains.
  const reference =
    TerraformStack.of(scope) === TerraformStack.of(key)
      ? key.resource.getStringAttribute('secret_reference')
      : orNull(key.secretReference);
  switch (route) {
    case 'file':
      return { file: { path: reference } };
    case 'secrets_manager':
      return { secrets_manager: { secret_id: reference } };
    case 'ssm_parameter':
      return { ssm_parameter: { name: reference } };
    case 'vault_kv': {
      const { mount, namespace } = args;
      const before = [namespace, mount].filter((part) => typeof part === 'string').map(withoutOuterSlashes);
      return {
        vault_kv: {
          mount,
          namespace,
          path: Fn.trimprefix(reference, `${before.join('/')}/`),
        },
      };
    }
    default:
      return {};
  }
}

/** What keeps a pair from being read back. */
export function checkReadable(key: BucketAccessKey): Problems {
  const { path } = key.node;
  const { route, arguments: args } = key.destination;
  const { count, forEach } = key.resource;
  if (count !== undefined || forEach !== undefined) {
    return [
      `${path} stands for several access keys (count or forEach), and a pair is read of one. ` +
        `Declare a BucketAccessKey for each.`,
    ];
  }
  if (route === 'terraform_output') {
    return [
      `The secret of the access key ${path} is in no store from which it could be read back. Use the attributes of the ` +
        `key itself; or choose another destination, which keeps the secret out of the state.`,
    ];
  }
  if (route === 'command') {
    return [
      `The secret of the access key ${path} is handed to a program of your own, which does not give it back. Read it ` +
        `where that program has put it.`,
    ];
  }
  if (args.age_recipients !== undefined) {
    return [
      `The file with the secret of the access key ${path} is sealed for age recipients, so Terraform cannot read it. ` +
        `Leave ageRecipients out, or open the file where it is used.`,
    ];
  }
  return [];
}

/** The provider that looks after a key, where a construct in that scope can name it. */
export function providerBeside(scope: Construct, key: BucketAccessKey): TerraformProvider | undefined {
  return TerraformStack.of(scope) === TerraformStack.of(key) ? key.resource.provider : undefined;
}

function withoutOuterSlashes(part: string): string {
  return part.replace(/^\/+|\/+$/g, '');
}
