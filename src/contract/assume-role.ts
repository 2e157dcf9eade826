/**
 * What STS takes of a role to assume, for whoever has to refuse the rest before STS is asked.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */

/** The arguments as far as they are known; the AWS provider's names, as TypeScript writes them. */
export interface AssumeRoleArguments {
  readonly roleArn?: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  readonly duration?: string;
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

export interface AssumeRoleProblem {
  readonly argument: keyof AssumeRoleArguments;
  /** What follows the argument's name: "is 10s". */
  readonly problem: string;
  /** What STS takes, as a sentence. */
  readonly remedy: string;
}

const ROLE_ARN = /^arn:[^:]+:iam::\d{12}:role\/.+$/;
const POLICY_ARN = /^arn:[^:]+:iam::(\d{12}|aws):policy\/.+$/;
const NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 43_200;
const LONGEST_POLICY = 2048;
const MOST_POLICIES = 10;
const MOST_TAGS = 50;
const LONGEST_TAG_KEY = 128;
const LONGEST_TAG_VALUE = 256;

const SECONDS_IN: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/y;

/** The seconds of a duration as Go writes it (`15m`, `1h30m`, `900s`), which the AWS provider takes; null for others. */
export function secondsOf(duration: string): number | null {
  PART.lastIndex = 0;
  let seconds = 0;
  while (PART.lastIndex < duration.length) {
    const [, number, unit] = PART.exec(duration) ?? [];
    if (number === undefined || unit === undefined) return null;
    seconds += Number(number) * (SECONDS_IN[unit] ?? Number.NaN);
  }
  // Parts of a second add up to whole ones but for the arithmetic's last digit.
  return duration === '' ? null : Number(seconds.toFixed(6));
}

/** What STS would refuse. */
export function assumeRoleProblems(role: AssumeRoleArguments): readonly AssumeRoleProblem[] {
  const { roleArn, sessionName, externalId, duration, policy, policyArns, sourceIdentity, tags } = role;
  const found: AssumeRoleProblem[] = [];
  const refuse = (argument: keyof AssumeRoleArguments, problem: string, remedy: string) => {
    found.push({ argument, problem, remedy });
  };
  const NAMED = 'Give 2 to 64 letters, digits and characters of _+=,.@- without spaces.';
  if (roleArn !== undefined && !ROLE_ARN.test(roleArn)) {
    refuse(
      'roleArn',
      `"${roleArn}" is not the ARN of a role`,
      'Give one such as arn:aws:iam::123456789012:role/NAME.',
    );
  }
  if (sessionName !== undefined && !NAME.test(sessionName)) {
    refuse('sessionName', `"${sessionName}" is not the name of a session`, NAMED);
  }
  if (sourceIdentity !== undefined && (!NAME.test(sourceIdentity) || sourceIdentity.startsWith('aws:'))) {
    refuse('sourceIdentity', `"${sourceIdentity}" is not a source identity`, NAMED);
  }
  if (externalId !== undefined && !EXTERNAL_ID.test(externalId)) {
    refuse(
      'externalId',
      `"${externalId}" is not an external ID`,
      'Give 2 to 1224 letters, digits and characters of _+=,.@:/- without spaces.',
    );
  }
  if (duration !== undefined) {
    const seconds = secondsOf(duration);
    if (
      seconds === null ||
      !Number.isInteger(seconds) ||
      seconds < SHORTEST_SECONDS ||
      seconds > LONGEST_SECONDS
    ) {
      refuse(
        'duration',
        `"${duration}" is not the duration of a session`,
        'Give whole seconds from 15m to 12h, with units: 15m, 1h30m.',
      );
    }
  }
  if (policy !== undefined && !isPolicy(policy)) {
    refuse(
      'policy',
      policy.length > LONGEST_POLICY ? `has ${policy.length} characters` : 'is not a JSON object',
      `Give an IAM policy as JSON, of at most ${LONGEST_POLICY} characters.`,
    );
  }
  for (const arn of policyArns ?? []) {
    if (!POLICY_ARN.test(arn)) {
      refuse(
        'policyArns',
        `"${arn}" is not the ARN of a policy`,
        'Give ARNs such as arn:aws:iam::123456789012:policy/NAME.',
      );
    }
  }
  if ((policyArns?.length ?? 0) > MOST_POLICIES) {
    refuse('policyArns', `holds ${policyArns?.length ?? 0} policies`, `Give at most ${MOST_POLICIES}.`);
  }
  const entries = Object.entries(tags ?? {});
  if (entries.length > MOST_TAGS)
    refuse('tags', `holds ${entries.length} tags`, `Give at most ${MOST_TAGS}.`);
  for (const [key, value] of entries) {
    if (key.length > LONGEST_TAG_KEY || key === '' || value.length > LONGEST_TAG_VALUE) {
      refuse(
        'tags',
        `"${key}" is too long, or empty`,
        `Give keys of 1 to ${LONGEST_TAG_KEY} characters, and values of at most ${LONGEST_TAG_VALUE}.`,
      );
    }
  }
  return found;
}

function isPolicy(text: string): boolean {
  if (text.length > LONGEST_POLICY) return false;
  try {
    const policy: unknown = JSON.parse(text);
    return typeof policy === 'object' && policy !== null && !Array.isArray(policy);
  } catch {
    return false;
  }
}
