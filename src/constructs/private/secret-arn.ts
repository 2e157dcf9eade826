import {
  conditional,
  Fn,
  Lazy,
  ref,
  TerraformDataSource,
  type TerraformProvider,
  TerraformStack,
  Token,
} from 'cdktf';
import type { BucketAccessKey } from '../bucket-access-key.js';
import { PROVIDER_TYPE } from '../../contract/names.js';
import { parameterArn } from '../../contract/ssm-parameter.js';
import { synthesizedArguments, tryFindAwsProvider } from './aws-provider.js';
import { isLater } from './rules.js';

/** A statement of the AWS provider's `DataAwsIamPolicyDocument`. */
export interface SecretReadStatement {
  readonly sid: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly condition?: { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

/** What reading takes of each store, and how its KMS key knows a secret: by what the store encrypts along with it. */
const STORES = {
  secrets_manager: { actions: ['secretsmanager:GetSecretValue'], context: 'SecretARN' },
  // ECS reads with GetParameters.
  ssm_parameter: { actions: ['ssm:GetParameter', 'ssm:GetParameters'], context: 'PARAMETER_ARN' },
} as const;

export function secretArn(key: BucketAccessKey): string {
  const { route, arn, arguments: args } = key.destination;
  if (arn !== undefined) return arn;
  if (route === 'secrets_manager') return secretsManagerArn(key);
  if (route === 'ssm_parameter') return ssmArn(key, Token.asString(args.name));
  throw new Error(
    `[${key.node.path}] secretArn was asked for, but this access key's secret goes where there are no ARNs (${route}). ` +
      `Use secretReference; or choose SecretDestination.secretsManager() or SecretDestination.ssmParameter().`,
  );
}

export function readStatements(key: BucketAccessKey, kmsKeyId?: string): SecretReadStatement[] {
  const arn = secretArn(key);
  const { route, kmsKey: own } = key.destination;
  const kmsKey = kmsKeyId ?? own;
  const { actions, context } = STORES[route as keyof typeof STORES];
  const read = { sid: 'ReadAccessKey', actions: [...actions], resources: [arn] };
  if (kmsKey === undefined) return [read];
  return [
    read,
    {
      sid: 'DecryptAccessKey',
      actions: ['kms:Decrypt'],
      resources: [kmsKeyArn(kmsKey)],
      condition: [{ test: 'StringEquals', variable: `kms:EncryptionContext:${context}`, values: [arn] }],
    },
  ];
}

/** The reference is `ARN:::VERSION`. */
function secretsManagerArn({ resource }: BucketAccessKey): string {
  const address = `${resource.terraformResourceType}.${resource.friendlyUniqueId}.secret_reference`;
  return Token.asString(
    ref(`(${address} == null ? "" : split(":::", ${address})[0])`, TerraformStack.of(resource)),
  );
}

/** Lightsail is in one partition alone. */
function ssmArn(key: BucketAccessKey, name: string): string {
  if (parameterArn(name)) return name;
  const aws = tryFindAwsProvider(TerraformStack.of(key));
  if (!aws) {
    throw new Error(
      `[${key.node.path}] secretArn was asked for, and the account of the parameter is not known: the stack has no ` +
        `AwsProvider, or several with aliases. Declare one; or give the parameter's ARN as name. No access key is touched.`,
    );
  }
  const account = attributeOf(key, 'CallerIdentity', 'aws_caller_identity', 'account_id', aws);
  const usual = attributeOf(key, 'Region', 'aws_region', 'id', aws);
  const region = Lazy.stringValue({ produce: () => regionOf(key, aws) ?? usual });
  return `arn:aws:ssm:${region}:${account}:parameter/${Token.isUnresolved(name) ? Fn.trimprefix(name, '/') : name.replace(/^\//, '')}`;
}

function attributeOf(
  key: BucketAccessKey,
  id: string,
  type: string,
  attribute: string,
  provider: TerraformProvider,
): string {
  const found = key.node.tryFindChild(id) as TerraformDataSource | undefined;
  const source =
    found ??
    new TerraformDataSource(key, id, {
      terraformResourceType: type,
      terraformGeneratorMetadata: { providerName: 'aws' },
      provider,
    });
  return source.getStringAttribute(attribute);
}

/** Of the provider that looks after the key; undefined where that has the AWS provider's. */
function regionOf({ node, resource }: BucketAccessKey, aws: TerraformProvider): string | undefined {
  const provider =
    resource.provider ??
    TerraformStack.of(resource)
      .allProviders()
      .find(
        ({ terraformResourceType, alias }) => terraformResourceType === PROVIDER_TYPE && alias === undefined,
      );
  if (!provider) return undefined;
  const own = synthesizedArguments(provider).region;
  const ofAws = synthesizedArguments(aws).region;
  if (own === ofAws) return undefined;
  if (own !== undefined) return own;
  throw new Error(
    `[${node.path}] secretArn was asked for, and the Region of the parameter is not known: the AwsProvider has a region, ` +
      `and ${provider.node.path} takes that of the environment. Give ${provider.node.path} its region. No access key is touched.`,
  );
}

/** An alias is no resource of IAM's: which key may be used, the condition of the statement says. */
function kmsKeyArn(given: string): string {
  const any = 'arn:aws:kms:*:*:key/*';
  if (Token.isUnresolved(given)) {
    return Token.asString(conditional(Fn.can(Fn.regex(':key/', given)), given, any));
  }
  if (given.includes(':key/')) return given;
  return isLater(given) || given.includes('alias/') ? any : `arn:aws:kms:*:*:key/${given}`;
}
