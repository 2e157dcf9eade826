import { parameterArn } from '../../contract/parameter-arn.js';
import type { ParameterArn } from '../../contract/parameter-arn.js';
import { DestinationError } from '../../lifecycle/destination.js';

const JOURNAL_SUFFIX = '.lightsail-journal';
const PENDING_SUFFIX = '.lightsail-pending-';
const LONGEST_SUFFIX = PENDING_SUFFIX.length + 'AKIAIOSFODNN7EXAMPLE'.length;
/** AWS counts the ARN: `arn:aws:ssm:REGION:ACCOUNT:parameter/` and the name together. */
const LONGEST_ARN = 1011;
const DEEPEST = 15;

/** The journal's own parameter, in the same level of the hierarchy: what may hold the one may hold the other. */
export function journalName(name: string): string {
  return name + JOURNAL_SUFFIX;
}

/** The beginning of the names of pairs that are not promoted; the key's ID follows. A name is never used twice. */
export function pendingPrefix(name: string): string {
  return name + PENDING_SUFFIX;
}

export function isPending(name: string): boolean {
  return name.includes(PENDING_SUFFIX);
}

/** The name of a parameter that is given by its name or its ARN. */
export function parameterNamed(given: string): string {
  return parameterArn(given)?.name ?? given;
}

interface Here {
  readonly region: string;
  readonly account: string | null;
}

/** Throws for the ARN of a parameter that the provider cannot reach. */
export function assertHere(given: string, here: Here): void {
  const there = parameterArn(given);
  const elsewhere = there && placeElsewhere(there, here);
  if (elsewhere === null) return;
  throw new DestinationError(
    `SSM parameter ${given} is ${elsewhere}.`,
    'Choose a parameter of the same Region and account as the bucket.',
  );
}

function placeElsewhere({ region, account }: ParameterArn, here: Here): string | null {
  if (region !== here.region) return `in ${region}, and this provider works in ${here.region}`;
  const isOther = here.account !== null && account !== here.account;
  return isOther ? `of account ${account}, and this provider works in ${here.account}` : null;
}

/** Throws for a name that Parameter Store would refuse, or whose neighbours it would refuse. */
export function assertName(name: string, region: string): void {
  const problem = problemOf(name, region);
  if (problem)
    throw new DestinationError(`${name} cannot be the name of an SSM parameter: ${problem[0]}`, problem[1]);
}

function problemOf(name: string, region: string): readonly [what: string, remedy: string] | null {
  if (name.startsWith('arn:'))
    return ['this ARN does not tell it.', 'Give the name alone, with its leading slash where it has one.'];
  if (!/^[\w.\-/]+$/.test(name)) {
    return ['it may hold letters, digits and . - _ /, and nothing else.', 'Choose another name.'];
  }
  if (name.includes('/') && !name.startsWith('/')) {
    return ['a name with levels begins with a slash.', `Write /${name}.`];
  }
  const levels = name.replace(/^\//, '').split('/');
  if (levels.includes(''))
    return ['one of its levels is empty.', 'Leave out the slash at the end or the second of two.'];
  if (/^(aws|ssm)/i.test(levels[0] ?? '')) {
    return [
      'names that begin with "aws" or "ssm" belong to AWS.',
      'Put another word in front, such as /app.',
    ];
  }
  if (levels.length > DEEPEST)
    return [`it has ${levels.length} levels, and 15 are allowed.`, 'Use fewer levels.'];
  const room = LONGEST_ARN - `arn:aws:ssm:${region}:000000000000:parameter/`.length - LONGEST_SUFFIX;
  if (name.length > room) {
    return [
      `it has ${name.length} characters, and beside its ARN and the endings of its neighbours ${room} have room.`,
      'Shorten it.',
    ];
  }
  return null;
}
