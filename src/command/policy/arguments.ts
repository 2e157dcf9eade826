import { BUCKET_NAME } from '../../contract/names.js';
import type { Descriptor } from '../../destinations/descriptor.js';
import type { PolicyOption, PolicyPlace } from '../../destinations/policy.js';
import { DESTINATIONS } from '../../destinations/registry.js';
import { parse, UsageError } from '../subcommand.js';

/** Whose policy it is: of what Terraform applies, of what it only plans, or of the command `audit`. */
const PURPOSES = ['apply', 'plan', 'audit'] as const;

/** As the command names it: `secrets-manager`. */
export function nameOf({ name }: Pick<Descriptor, 'name'>): string {
  return name.replaceAll('_', '-');
}

export const DESTINATION_NAMES: readonly string[] = DESTINATIONS.map(nameOf);

/** Whose rights a policy is to give, and on what. */
export interface PolicyRequest extends PolicyPlace {
  /** Whether it is for plans alone, which read and change nothing. */
  readonly isForPlans?: boolean;
  /** Names or ARNs. */
  readonly buckets: readonly string[];
  readonly destination: string;
  /** What the destination's own options say. */
  readonly options: Readonly<Record<string, string>>;
  /** An ARN, ID or alias; undefined: AWS's own key of the service. */
  readonly kmsKey?: string | undefined;
}

const OPTIONS = {
  for: { type: 'string', default: 'apply' },
  bucket: { type: 'string', multiple: true },
  destination: { type: 'string' },
  region: { type: 'string' },
  account: { type: 'string' },
  partition: { type: 'string' },
  'kms-key': { type: 'string' },
} as const;

/** What the destinations ask for, each for itself. */
const OF_DESTINATIONS = Object.fromEntries(
  DESTINATIONS.flatMap(({ policy }) => Object.keys(policy?.options ?? {})).map((name) => [
    name,
    { type: 'string' } as const,
  ]),
);

/** A wildcard in a name would give rights that were not meant. */
const NAME = /^[\w/.-]+$/;
const NAME_OR_ARN = /^[\w/+=.@:-]+$/;

const BUCKET_ARN = /^arn:[\w-]+:lightsail:[\w-]+:\d{12}:Bucket\/[\w-]+$/;

/** The arguments of `lightsail-access-key policy`, checked; the audit needs none. Throws a UsageError. */
export function parsePolicyArguments(args: readonly string[], usage: string): PolicyRequest | 'audit' {
  const { values } = parse(args, usage, { options: { ...OPTIONS, ...OF_DESTINATIONS } });
  const fail = (message: string): never => {
    throw new UsageError(message, usage);
  };
  const purpose = oneOf('for', values.for, PURPOSES);
  if (purpose === 'audit') {
    const other = Object.keys(values).find((option) => option !== 'for');
    return other === undefined ? 'audit' : fail(`--${other} does not belong to the policy for the audit.`);
  }
  const { bucket: buckets = [] } = values;
  if (buckets.length === 0) return fail('Give at least one --bucket.');
  const wrong = buckets.find((bucket) => !BUCKET_NAME.test(bucket) && !BUCKET_ARN.test(bucket));
  if (wrong !== undefined) return fail(`--bucket ${wrong} is neither a bucket's name nor its ARN.`);
  const named = oneOf('destination', values.destination, DESTINATION_NAMES);
  const destination = DESTINATIONS.find((one) => nameOf(one) === named);
  const region = matching('region', values.region, /^[a-z]{2}(-[a-z]+)+-\d$/);
  const account = matching('account', values.account, /^\d{12}$/);
  const partition = matching('partition', values.partition ?? 'aws', /^aws(-[a-z]+)*$/);
  for (const bucket of buckets) assertHere('bucket', bucket);
  return {
    isForPlans: purpose === 'plan',
    buckets,
    region,
    account,
    partition,
    destination: named,
    options: optionsOf(destination),
    kmsKey: kmsKey(destination),
  };

  function matching(option: string, value: string | undefined, pattern: RegExp): string {
    if (value !== undefined && pattern.test(value)) return value;
    return fail(value === undefined ? `Give --${option}.` : `--${option} ${value} is not valid.`);
  }

  /** Rights on what is elsewhere would help nobody: the provider looks in one Region. */
  function assertHere(option: string, value: string): void {
    const [, ofPartition, , ofRegion, ofAccount] = value.split(':');
    if (!value.startsWith('arn:')) return;
    if (ofPartition === partition && ofRegion === region && ofAccount === account) return;
    fail(`--${option} ${value} is not in the Region and account of --region, --account and --partition.`);
  }

  function oneOf<T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T {
    const found = allowed.find((candidate) => candidate === value);
    return found ?? fail(`Give --${option} as one of ${allowed.join(', ')}.`);
  }

  function given(option: string): string | undefined {
    const value = (values as Readonly<Record<string, unknown>>)[option];
    return typeof value === 'string' ? value : undefined;
  }

  function optionsOf(chosen: Descriptor | undefined): PolicyRequest['options'] {
    const own = chosen?.policy?.options ?? {};
    const other = Object.keys(OF_DESTINATIONS).find((name) => !(name in own) && given(name) !== undefined);
    if (other !== undefined) return fail(`--${other} does not belong to this destination.`);
    return Object.fromEntries(
      Object.entries(own).flatMap(([name, option]) => {
        const value = valueOf(name, option);
        return value === undefined ? [] : [[name, value]];
      }),
    );
  }

  function valueOf(name: string, option: PolicyOption): string | undefined {
    const value = given(name);
    if (value === undefined)
      return option.isRequired ? fail(`Give --${name} for this destination.`) : undefined;
    if (option.oneOf) return oneOf(name, value, option.oneOf);
    const pattern = option.mayBeArn ? NAME_OR_ARN : NAME;
    if (!pattern.test(value)) return fail(`--${name} ${value} is not a name.`);
    assertHere(name, value);
    return value;
  }

  function kmsKey(chosen: Descriptor | undefined): string | undefined {
    const value = values['kms-key'];
    if (value === undefined) return undefined;
    if (!chosen?.policy?.kms) return fail('--kms-key does not belong to this destination.');
    return NAME_OR_ARN.test(value) ? value : fail(`--kms-key ${value} is not a name.`);
  }
}
