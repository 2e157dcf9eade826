import { Token } from 'cdktf';
import { parameterArn } from '../../contract/parameter-arn.js';
import type { Problems } from './validation.js';

const LONGEST = 1011;
const LEVELS = 15;

/** What Parameter Store says of names: letters, digits, `.`, `-`, `_`, and `/` between at most 15 levels. */
export function checkParameterName(name: string): Problems {
  if (Token.isUnresolved(name)) return [];
  const problem = problemOf(name);
  return problem === null
    ? []
    : [`The parameter name "${name}" ${problem}, so Parameter Store would refuse the access key's secret.`];
}

function problemOf(given: string): string | null {
  const name = parameterArn(given)?.name ?? given;
  if (name.startsWith('arn:')) return 'is an ARN; give the name alone';
  if (!/^[\w./-]+$/.test(name)) return 'is empty or has characters other than letters, digits and . - _ /';
  if (/^\/?(aws|ssm)/i.test(name)) return 'begins with "aws" or "ssm", which are reserved';
  if (name.includes('/') && !name.startsWith('/')) return 'has levels but does not begin with a slash';
  if (/\/\/|\/$/.test(name)) return 'has an empty level';
  if (name.split('/').length - 1 > LEVELS) return `has more than ${LEVELS} levels`;
  return name.length > LONGEST ? `is longer than ${LONGEST} characters` : null;
}
