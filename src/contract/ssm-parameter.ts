/** What stands behind the name of a pair's parameter in those beside it; the ID of a key follows the second. */
export const PARAMETER_SUFFIX = { journal: '.lightsail-journal', pending: '.lightsail-pending-' } as const;

const LONGEST_SUFFIX = PARAMETER_SUFFIX.pending.length + 'AKIAIOSFODNN7EXAMPLE'.length;
/** AWS counts the ARN: `arn:aws:ssm:REGION:ACCOUNT:parameter/` and the name together. */
const LONGEST_ARN = 1011;
const DEEPEST = 15;
/** No Region has a shorter name. */
const SHORTEST_REGION = 'us-east-1';

export interface ParameterNameProblem {
  /** What follows "…cannot be the name of an SSM parameter: ". */
  readonly what: string;
  readonly remedy: string;
}

/**
 * Why a name, or the ARN that tells it, is none for the parameter of a pair: Parameter Store would refuse it, or those
 * beside it. Without a Region the name may be as long as the shortest one leaves room for.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
 */
export function parameterNameProblem(
  given: string,
  region: string = SHORTEST_REGION,
): ParameterNameProblem | null {
  const name = parameterArn(given)?.name ?? given;
  if (name.startsWith('arn:'))
    return {
      what: 'this ARN does not contain it.',
      remedy: 'Give the name alone, with its leading slash where it has one.',
    };
  if (!/^[\w.\-/]+$/.test(name)) {
    return {
      what: 'it may hold letters, digits and . - _ /, and nothing else.',
      remedy: 'Choose another name.',
    };
  }
  if (name.includes('/') && !name.startsWith('/')) {
    return { what: 'a name with levels begins with a slash.', remedy: `Write /${name}.` };
  }
  const levels = name.replace(/^\//, '').split('/');
  if (levels.includes(''))
    return {
      what: 'one of its levels is empty.',
      remedy: 'Leave out the slash at the end or the second of two.',
    };
  if (/^(aws|ssm)/i.test(levels[0] ?? '')) {
    return {
      what: 'names that begin with "aws" or "ssm" belong to AWS.',
      remedy: 'Put another word in front, such as /app.',
    };
  }
  if (levels.length > DEEPEST)
    return {
      what: `it has ${levels.length} levels, and ${DEEPEST} are allowed.`,
      remedy: 'Use fewer levels.',
    };
  const room = LONGEST_ARN - `arn:aws:ssm:${region}:000000000000:parameter/`.length - LONGEST_SUFFIX;
  if (name.length > room) {
    return {
      what: `it has ${name.length} characters, and beside its ARN and the endings of its neighbours ${room} have room.`,
      remedy: 'Shorten it.',
    };
  }
  return null;
}

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
