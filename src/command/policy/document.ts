import type { PolicyRequest } from './request.js';
import { bucketResources, kmsResource, parameterResources, secretResources } from './resources.js';
import {
  AUDIT_RIGHTS,
  KEY_RIGHTS,
  KMS_ACTIONS,
  KMS_CHECK,
  KMS_VIA,
  PARAMETER_RIGHTS,
  type Right,
  SECRETS_MANAGER_RIGHTS,
} from './rights.js';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Right['condition'];
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** The least that the provider gets by with for these buckets and this destination. */
export function policyDocument(request: PolicyRequest): PolicyDocument {
  const rights = [...KEY_RIGHTS, ...destinationRights(request), ...kmsRights(request)];
  return documentOf(rights, (on) => resourcesOf(request, on));
}

/** The least that the audit gets by with, wherever the buckets are. */
export function auditDocument(): PolicyDocument {
  return documentOf(AUDIT_RIGHTS, () => ['*']);
}

function documentOf(
  rights: readonly Right[],
  resources: (on: Right['on']) => readonly string[],
): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: rights.map(({ sid, actions, on, condition }) => ({
      Sid: sid,
      Effect: 'Allow',
      Action: actions,
      Resource: resources(on),
      ...(condition && { Condition: condition }),
    })),
  };
}

function destinationRights({ destination }: PolicyRequest): readonly Right[] {
  if (destination === 'secrets-manager') return SECRETS_MANAGER_RIGHTS;
  return destination === 'ssm-parameter' ? PARAMETER_RIGHTS : [];
}

function kmsRights(request: PolicyRequest): readonly Right[] {
  const { destination, kmsKey, tier = 'Intelligent-Tiering' } = request;
  if (kmsKey === undefined || (destination !== 'secrets-manager' && destination !== 'ssm-parameter'))
    return [];
  const { alias } = kmsResource(request, kmsKey);
  const byAlias: NonNullable<Right['condition']> =
    alias === null ? {} : { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [alias] } };
  return [
    { sid: 'SeeKmsKey', actions: KMS_CHECK, on: 'kms-key', ...(alias !== null && { condition: byAlias }) },
    {
      sid: 'UseKmsKey',
      actions: destination === 'secrets-manager' ? KMS_ACTIONS[destination] : KMS_ACTIONS[destination][tier],
      on: 'kms-key',
      condition: {
        StringEquals: { 'kms:ViaService': viaService(request, KMS_VIA[destination]) },
        ...byAlias,
      },
    },
  ];
}

/** In China AWS has a domain of its own, and its pages give both. */
function viaService({ region, partition }: PolicyRequest, service: string): readonly string[] {
  const host = `${service}.${region}.amazonaws.com`;
  return partition === 'aws-cn' ? [host, `${host}.cn`] : [host];
}

function resourcesOf(request: PolicyRequest, on: Right['on']): readonly string[] {
  const { secretId = '', parameter = '', kmsKey = '' } = request;
  switch (on) {
    case 'any':
      return ['*'];
    case 'buckets':
      return bucketResources(request);
    case 'secret':
      return secretResources(request, secretId);
    case 'kms-key':
      return [kmsResource(request, kmsKey).resource];
    default:
      return [parameterResources(request, parameter)[on]];
  }
}
