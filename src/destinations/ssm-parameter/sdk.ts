// Loaded at the first call that needs Parameter Store, as a file of its own: see docs/decisions/0006-lazy-sdk.md.
export {
  DeleteParameterCommand,
  GetParameterCommand,
  paginateDescribeParameters,
  paginateGetParameterHistory,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
