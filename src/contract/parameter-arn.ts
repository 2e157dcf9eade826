/** Of an SSM parameter with levels. Without them, the ARN is the same with a slash before the name and without one. */
const ARN = /^arn:[^:]+:ssm:([^:]*):([^:]*):parameter(\/.+\/.+)$/;

export interface ParameterArn {
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/** Null for what is no ARN, and for one that does not tell the name. */
export function parameterArn(given: string): ParameterArn | null {
  const [, region, account, name] = ARN.exec(given) ?? [];
  return region === undefined || account === undefined || name === undefined
    ? null
    : { region, account, name };
}
