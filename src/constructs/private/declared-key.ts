import { TerraformResource, TerraformStack, Token } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Terraform's name for an access key. */
export const KEY_TYPE = 'lightsail_bucket_access_key';

/** An access key as it will stand in its stack, overrides included. */
export interface DeclaredKey {
  readonly resource: TerraformResource;
  /** The path of the construct that the author made. */
  readonly path: string;
  readonly bucketName: unknown;
  /** The provider that it names; undefined for the stack's default. */
  readonly provider: unknown;
  readonly secret: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  /** How many keys of AWS it is; 0 where only Terraform will know (`count` of a token, `for_each`). */
  readonly instances: number;
}

/** The access keys of a key's stack, in the order in which they were constructed. */
export function declaredKeys(resource: TerraformResource): DeclaredKey[] {
  const stack = TerraformStack.of(resource);
  return stack.node
    .findAll()
    .filter(isKey)
    .filter((node) => TerraformStack.of(node) === stack)
    .flatMap((node) => declaredKey(node));
}

/** A value that is known at synthesis: no token, and none of Terraform's expressions in an override. */
export function isLiteral(value: unknown): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value) && !/[$%]\{/.test(value);
}

function isKey(node: IConstruct): node is TerraformResource {
  return TerraformResource.isTerraformResource(node) && node.terraformResourceType === KEY_TYPE;
}

function declaredKey(resource: TerraformResource): DeclaredKey[] {
  const blocks = resource.toTerraform() as {
    resource?: Record<string, Record<string, Record<string, unknown> | undefined> | undefined>;
  };
  // Nothing stands there for one that has moved elsewhere.
  const block = blocks.resource?.[KEY_TYPE]?.[resource.friendlyUniqueId];
  if (block === undefined) return [];
  return [
    {
      resource,
      path: resource.node.scope?.node.path ?? resource.node.path,
      bucketName: block.bucket_name,
      provider: block.provider,
      secret: (block.secret ?? {}) as DeclaredKey['secret'],
      instances: instances(block),
    },
  ];
}

function instances({ count, for_each }: Record<string, unknown>): number {
  if (for_each !== undefined) return 0;
  if (count === undefined) return 1;
  return typeof count === 'number' && !Token.isUnresolved(count) ? count : 0;
}
